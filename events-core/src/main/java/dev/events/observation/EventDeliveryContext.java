package dev.events.observation;

import java.util.List;
import java.util.Map;

import dev.events.Event;
import io.micrometer.observation.transport.Kind;
import io.micrometer.observation.transport.ReceiverContext;
import org.jspecify.annotations.Nullable;

/**
 * One attempt of a subscriber. Its carrier is the metadata of the event, so that it goes
 * on with the trace of the publisher, unless it is only {@linkplain #isLinked() linked}.
 */
public final class EventDeliveryContext extends ReceiverContext<Map<String, String>> {

	private final String subscription;

	private final boolean named;

	private final List<? extends Event<?>> events;

	private final boolean batch;

	private final int attempt;

	private final boolean replay;

	/**
	 * Creates a context.
	 * @param subscription id of the subscription
	 * @param named whether the id was chosen by somebody, not generated
	 * @param events what the subscriber gets, at least one
	 * @param batch whether it takes lists
	 * @param attempt 1 for the first
	 * @param replay whether it is part of a replay
	 */
	public EventDeliveryContext(String subscription, boolean named, List<? extends Event<?>> events, boolean batch,
			int attempt, boolean replay) {
		super((carrier, name) -> carrier.get(name), Kind.CONSUMER);
		this.subscription = subscription;
		this.named = named;
		this.events = List.copyOf(events);
		this.batch = batch;
		this.attempt = attempt;
		this.replay = replay;
		setCarrier(isLinked() ? Map.of() : this.events.get(0).metadata());
	}

	/** Id of the subscription. */
	public String subscription() {
		return this.subscription;
	}

	/** Whether the id of the subscription was chosen by somebody, not generated. */
	public boolean isNamed() {
		return this.named;
	}

	/** What the subscriber gets; one event unless it takes batches. */
	public List<? extends Event<?>> events() {
		return this.events;
	}

	/** Type of all the events, or {@code null} when they have several. */
	public @Nullable String type() {
		String type = this.events.get(0).type();
		return this.events.stream().allMatch((event) -> event.type().equals(type)) ? type : null;
	}

	/** Which attempt it is; 1 is the first. */
	public int attempt() {
		return this.attempt;
	}

	/** Whether it is part of a replay. */
	public boolean isReplay() {
		return this.replay;
	}

	/**
	 * Whether this is a trace of its own, with links to those of the publishers: for
	 * batches, which have many publishers, and for replays, which somebody started long
	 * after the trace of the publisher had ended.
	 */
	public boolean isLinked() {
		return this.batch || this.replay;
	}

}
