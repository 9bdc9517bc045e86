package dev.events.jdbc;

import java.util.EnumSet;
import java.util.Set;

import dev.events.jdbc.PostgresWakeups.Notification;
import dev.events.store.Wakeups.Kind;

/**
 * Where and how nodes notify each other: a channel for each log, and a payload that says
 * who notifies and of what, but nothing of any event.
 */
final class NotifyChannel {

	/**
	 * The channel in SQL, with the table of events as parameter. By its number, so that
	 * it does not matter by which schema or search path a node finds it.
	 */
	static final String NAME = "'events_' || to_regclass(?)::oid::text";

	private NotifyChannel() {
	}

	static String payload(String origin, Set<Kind> kinds) {
		StringBuilder payload = new StringBuilder(origin).append(' ');
		kinds.forEach((kind) -> payload.append(kind.name().charAt(0)));
		return payload.toString();
	}

	/** What is not understood, from a later version say, is taken for everything. */
	static Notification notification(String payload) {
		int space = payload.indexOf(' ');
		String origin = (space > 0) ? payload.substring(0, space) : "";
		Set<Kind> kinds = EnumSet.noneOf(Kind.class);
		for (Kind kind : Kind.values()) {
			if (payload.indexOf(kind.name().charAt(0), space + 1) > 0) {
				kinds.add(kind);
			}
		}
		return new Notification(origin, kinds.isEmpty() ? EnumSet.allOf(Kind.class) : kinds);
	}

}
