package dev.events.observation;

import dev.events.Event;
import dev.events.observation.EventObservation.MessageKey;
import io.micrometer.common.KeyValue;
import io.micrometer.common.KeyValues;
import io.micrometer.observation.Observation;

/**
 * Values that several observations have.
 */
final class EventKeyValues {

	private EventKeyValues() {
	}

	/** Class of the error, or {@code none}. */
	static String error(Observation.Context context) {
		Throwable error = context.getError();
		return (error != null) ? UnquotedException.typeOf(error) : KeyValue.NONE_VALUE;
	}

	/** High cardinality values of a single event. */
	static KeyValues of(Event<?> event) {
		KeyValues values = KeyValues.of(MessageKey.ID.withValue(event.id().toString()));
		String correlationId = event.correlationId();
		return (correlationId != null) ? values.and(MessageKey.CORRELATION.withValue(correlationId)) : values;
	}

}
