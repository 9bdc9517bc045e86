package dev.events.observation;

import io.micrometer.observation.Observation;
import org.jspecify.annotations.Nullable;

/**
 * A call of a handler, as part of an attempt.
 */
public final class EventHandleContext extends Observation.Context {

	private final EventDeliveryContext delivery;

	/**
	 * Creates a context.
	 * @param delivery the attempt
	 */
	public EventHandleContext(EventDeliveryContext delivery) {
		this.delivery = delivery;
	}

	/** The attempt that the call is part of. */
	public EventDeliveryContext delivery() {
		return this.delivery;
	}

}
