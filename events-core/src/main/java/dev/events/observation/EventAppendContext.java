package dev.events.observation;

import java.util.List;

import dev.events.store.EventRecord;
import io.micrometer.observation.Observation;
import org.jspecify.annotations.Nullable;

/**
 * Events on their way into the log of a store, as one unit.
 */
public final class EventAppendContext extends Observation.Context {

	private final String store;

	private final List<EventRecord> events;

	/**
	 * Creates a context.
	 * @param store name of the store
	 * @param events what is appended, at least one, in the shape in which it is stored
	 */
	public EventAppendContext(String store, List<EventRecord> events) {
		this.store = store;
		this.events = List.copyOf(events);
	}

	/** Name of the store. */
	public String store() {
		return this.store;
	}

	/** How many events there are. */
	public int count() {
		return this.events.size();
	}

	/** Type of all the events, or {@code null} when they have several. */
	public @Nullable String type() {
		String type = this.events.get(0).type();
		return this.events.stream().allMatch((event) -> event.type().equals(type)) ? type : null;
	}

}
