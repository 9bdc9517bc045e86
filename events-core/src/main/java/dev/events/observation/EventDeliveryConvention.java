package dev.events.observation;

import io.micrometer.observation.Observation;
import io.micrometer.observation.ObservationConvention;

/**
 * What observations of deliveries are called, and what they say. In Spring a bean of this
 * type replaces {@link DefaultEventDeliveryConvention}. Must be thread-safe.
 */
public interface EventDeliveryConvention extends ObservationConvention<EventDeliveryContext> {

	@Override
	default boolean supportsContext(Observation.Context context) {
		return context instanceof EventDeliveryContext;
	}

}
