package dev.events.upcast;

import java.lang.reflect.Type;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

import dev.events.EventPattern;
import dev.events.EventTypeDescriptor;
import dev.events.EventUpcaster;
import dev.events.EventVersion;
import dev.events.InvalidEventException;
import dev.events.InvalidUpcasterException;
import dev.events.UpcastException;
import org.jspecify.annotations.Nullable;

/**
 * All upcasters of a bus, as one chain for each event type. Immutable.
 */
public final class Upcasters {

	/** No upcasters. */
	public static final Upcasters NONE = new Upcasters(Map.of());

	private final Map<String, UpcasterChain> chains;

	private Upcasters(Map<String, UpcasterChain> chains) {
		this.chains = chains;
	}

	/**
	 * Puts upcasters together.
	 * @throws InvalidUpcasterException when they do not form chains that only go forward
	 */
	public static Upcasters of(Collection<? extends EventUpcaster> upcasters) {
		Map<String, List<EventUpcaster>> byType = new HashMap<>();
		for (EventUpcaster upcaster : upcasters) {
			byType.computeIfAbsent(requireType(upcaster), (type) -> new ArrayList<>()).add(upcaster);
		}
		Map<String, UpcasterChain> chains = new HashMap<>();
		byType.forEach((type, chain) -> chains.put(type, UpcasterChain.of(type, chain)));
		return new Upcasters(Map.copyOf(chains));
	}

	private static String requireType(EventUpcaster upcaster) {
		try {
			return EventPattern.requireTypeName(upcaster.type());
		}
		catch (InvalidEventException ex) {
			throw new InvalidUpcasterException(
					"Upcaster from " + upcaster.fromVersion() + " to " + upcaster.toVersion() + ": " + ex.getMessage(),
					ex);
		}
	}

	/**
	 * The way from a version to the one in which the data is wanted: that of the class if
	 * it carries the event type, else the newest.
	 * @return empty when the data is wanted as it is
	 * @throws UpcastException when the class wants a new major version, and the way there
	 * has a gap
	 */
	public List<EventUpcaster> path(String type, String version, Type dataType) {
		UpcasterChain chain = this.chains.get(type);
		if (chain == null) {
			return List.of();
		}
		String wanted = declaredVersion(type, dataType);
		return (wanted != null) ? chain.pathTo(wanted, version) : chain.pathToEnd(version);
	}

	private static @Nullable String declaredVersion(String type, Type dataType) {
		if (dataType instanceof Class<?> dataClass && EventTypeDescriptor.isEventType(dataClass)) {
			EventTypeDescriptor descriptor = EventTypeDescriptor.of(dataClass);
			return descriptor.type().equals(type) ? descriptor.version() : null;
		}
		return null;
	}

	/** Whether there is a way from one version exactly to another. */
	public boolean reaches(String type, EventVersion from, EventVersion to) {
		UpcasterChain chain = this.chains.get(type);
		return chain != null && chain.reaches(from, to);
	}

}
