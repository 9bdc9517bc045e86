package dev.events.observation;

import dev.events.Event;
import dev.events.observation.EventObservation.MessageKey;
import io.micrometer.common.KeyValues;

/**
 * High cardinality values of a single event.
 */
final class EventKeyValues {

	private EventKeyValues() {
	}

	static KeyValues of(Event<?> event) {
		KeyValues values = KeyValues.of(MessageKey.ID.withValue(event.id().toString()));
		String correlationId = event.correlationId();
		return (correlationId != null) ? values.and(MessageKey.CORRELATION.withValue(correlationId)) : values;
	}

}
