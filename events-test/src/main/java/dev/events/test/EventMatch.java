package dev.events.test;

import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;

import dev.events.Event;
import dev.events.EventTypeDescriptor;
import org.jspecify.annotations.Nullable;

/**
 * Compares events with what a test expects, and shows both.
 */
final class EventMatch {

	private EventMatch() {
	}

	/** The event type of a class. */
	static String type(Class<?> dataType) {
		return EventTypeDescriptor.of(dataType).type();
	}

	/** Whether the events are the expected ones, in order, with none in between. */
	static boolean inOrder(TestEventBus bus, List<? extends Event<?>> events, Object[] expected) {
		if (events.size() != expected.length) {
			return false;
		}
		for (int i = 0; i < expected.length; i++) {
			if (!matches(bus, events.get(i), expected[i])) {
				return false;
			}
		}
		return true;
	}

	private static boolean matches(TestEventBus bus, Event<?> event, Object expected) {
		if (expected instanceof String type) {
			return event.type().equals(type);
		}
		if (expected instanceof Class<?> dataType) {
			return event.type().equals(type(dataType));
		}
		return expected.equals(event.data()) || EventTypeDescriptor.isEventType(expected.getClass())
				&& event.type().equals(type(expected.getClass()))
				&& expected.equals(data(bus, event, expected.getClass()));
	}

	private static @Nullable Object data(TestEventBus bus, Event<?> event, Class<?> dataType) {
		return bus.query()
			.type(event.type())
			.stream(dataType)
			.filter((stored) -> stored.id().equals(event.id()))
			.map(Event::data)
			.findFirst()
			.orElse(null);
	}

	static String show(List<?> things) {
		return things.isEmpty() ? " nothing"
				: things.stream().map(EventMatch::show).collect(Collectors.joining("\n  - ", "\n  - ", ""));
	}

	static String show(Object[] things) {
		return show(Arrays.asList(things));
	}

	private static String show(@Nullable Object thing) {
		if (thing instanceof Event<?> event) {
			return event.type() + ((event.key() != null) ? " (key " + event.key() + ")" : "") + " " + event.data();
		}
		if (thing instanceof HandledEvent handled) {
			return handled.subscription() + ": " + show(handled.event()) + ", attempt " + handled.attempt()
					+ (handled.replay() ? " of a replay" : "")
					+ ((handled.failure() != null) ? " failed: " + handled.failure() : " succeeded");
		}
		return (thing instanceof Class<?> type) ? type(type) : String.valueOf(thing);
	}

}
