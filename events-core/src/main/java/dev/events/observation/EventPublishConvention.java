package dev.events.observation;

import io.micrometer.observation.Observation;
import io.micrometer.observation.ObservationConvention;

/**
 * What observations of publishing are called, and what they say. In Spring a bean of this
 * type replaces {@link DefaultEventPublishConvention}. Must be thread-safe.
 */
public interface EventPublishConvention extends ObservationConvention<EventPublishContext> {

	@Override
	default boolean supportsContext(Observation.Context context) {
		return context instanceof EventPublishContext;
	}

}
