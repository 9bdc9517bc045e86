package dev.events.upcast;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

import dev.events.EventUpcaster;
import dev.events.EventVersion;
import dev.events.InvalidEventException;
import dev.events.InvalidUpcasterException;
import dev.events.UpcastException;
import org.jspecify.annotations.Nullable;

/**
 * The upcasters of one event type. From each version at most one leads on, and always to
 * a higher one, so every way ends. Immutable.
 */
final class UpcasterChain {

	private final String type;

	private final Map<EventVersion, Link> links;

	private final Map<String, List<EventUpcaster>> toEnd;

	private UpcasterChain(String type, Map<EventVersion, Link> links) {
		this.type = type;
		this.links = links;
		Map<String, List<EventUpcaster>> toEnd = new HashMap<>();
		links.keySet().forEach((version) -> toEnd.put(version.toString(), walk(version, null).path));
		this.toEnd = Map.copyOf(toEnd);
	}

	static UpcasterChain of(String type, List<EventUpcaster> upcasters) {
		Map<EventVersion, Link> links = new HashMap<>();
		for (EventUpcaster upcaster : upcasters) {
			EventVersion from = version(type, upcaster.fromVersion());
			EventVersion to = version(type, upcaster.toVersion());
			Link other = links.put(from, new Link(upcaster, to));
			if (other != null) {
				throw new InvalidUpcasterException(
						"Event type '%s' has two upcasters from %s: to %s (%s) and to %s (%s)".formatted(type, from,
								other.to, name(other.upcaster), to, name(upcaster)));
			}
		}
		links.forEach((from, link) -> {
			if (link.to.compareTo(from) <= 0) {
				throw new InvalidUpcasterException(
						"The upcaster of '%s' from %s to %s (%s) goes backwards%s; upcasters ".formatted(type, from,
								link.to, name(link.upcaster), cycle(links, from))
								+ "lead from an old version to a newer one");
			}
		});
		return new UpcasterChain(type, Map.copyOf(links));
	}

	private static EventVersion version(String type, String text) {
		try {
			return EventVersion.of(text);
		}
		catch (InvalidEventException ex) {
			throw new InvalidUpcasterException("Upcaster of '" + type + "': " + ex.getMessage(), ex);
		}
	}

	private static String name(EventUpcaster upcaster) {
		return upcaster.getClass().getName();
	}

	private static String cycle(Map<EventVersion, Link> links, EventVersion from) {
		StringBuilder cycle = new StringBuilder(from.toString());
		EventVersion version = from;
		for (int i = 0; i <= links.size(); i++) {
			Link link = links.get(version);
			if (link == null) {
				return "";
			}
			version = link.to;
			cycle.append(" -> ").append(version);
			if (version.equals(from)) {
				return " and closes a cycle, " + cycle;
			}
		}
		return "";
	}

	/** From a version as far as it goes. */
	List<EventUpcaster> pathToEnd(String version) {
		return this.toEnd.getOrDefault(version, List.of());
	}

	/**
	 * From a version to another one. Nothing when the data is of a newer version. As far
	 * as it goes when it ends within the same major version, whose shapes are compatible.
	 */
	List<EventUpcaster> pathTo(String wanted, String version) {
		if (version.equals(wanted)) {
			return List.of();
		}
		Optional<EventVersion> start = EventVersion.find(version);
		if (start.isEmpty()) {
			// written by something else: nobody knows its shape
			return List.of();
		}
		EventVersion target = EventVersion.of(wanted);
		Walk walk = walk(start.get(), target);
		if (walk.end.compareTo(target) < 0 && walk.end.major() != target.major()) {
			Link beyond = this.links.get(walk.end);
			throw new UpcastException("There is no upcaster of '%s' from %s towards %s%s".formatted(this.type, walk.end,
					target, (beyond != null) ? "; the one there is leads past it, to " + beyond.to : ""), null);
		}
		return walk.path;
	}

	boolean reaches(EventVersion from, EventVersion to) {
		return walk(from, to).end.equals(to);
	}

	private Walk walk(EventVersion start, @Nullable EventVersion target) {
		List<EventUpcaster> path = new ArrayList<>();
		EventVersion version = start;
		Link link = this.links.get(version);
		while (link != null && (target == null || link.to.compareTo(target) <= 0)) {
			path.add(link.upcaster);
			version = link.to;
			link = this.links.get(version);
		}
		return new Walk(List.copyOf(path), version);
	}

	private record Link(EventUpcaster upcaster, EventVersion to) {

	}

	private record Walk(List<EventUpcaster> path, EventVersion end) {

	}

}
