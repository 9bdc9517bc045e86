package dev.events.observation;

import java.util.HashMap;
import java.util.List;
import java.util.Map;

import dev.events.Publication;
import io.micrometer.observation.transport.Kind;
import io.micrometer.observation.transport.SenderContext;
import org.jspecify.annotations.Nullable;

/**
 * A call that publishes. Its carrier becomes part of the metadata of every event of the
 * call, so that each of them carries the trace. For one thread at a time.
 */
public final class EventPublishContext extends SenderContext<Map<String, String>> {

	private final String source;

	private final int count;

	private final @Nullable String type;

	private volatile List<Publication> publications = List.of();

	/**
	 * Creates a context.
	 * @param source in whose name it is published
	 * @param count how many events there are
	 * @param type the type of them all, or {@code null} when there are several or it is
	 * not known
	 */
	public EventPublishContext(String source, int count, @Nullable String type) {
		super((carrier, name, value) -> {
			if (carrier != null) {
				carrier.put(name, value);
			}
		}, Kind.PRODUCER);
		setCarrier(new HashMap<>());
		this.source = source;
		this.count = count;
		this.type = type;
	}

	/** In whose name it is published, unless an event has a source already. */
	public String source() {
		return this.source;
	}

	/** How many events there are. */
	public int count() {
		return this.count;
	}

	/** Type of all the events, or {@code null} when they have several. */
	public @Nullable String type() {
		return this.type;
	}

	/** What became of the events; empty before that is known, and when it failed. */
	public List<Publication> publications() {
		return this.publications;
	}

	/** Says what became of the events. */
	public void published(List<Publication> publications) {
		this.publications = List.copyOf(publications);
	}

}
