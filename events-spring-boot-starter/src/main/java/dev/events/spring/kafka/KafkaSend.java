package dev.events.spring.kafka;

import dev.events.observation.Observed;
import io.micrometer.common.KeyValues;
import io.micrometer.observation.Observation;
import io.micrometer.observation.ObservationConvention;
import io.micrometer.observation.ObservationRegistry;
import io.micrometer.observation.transport.Kind;
import io.micrometer.observation.transport.SenderContext;

/**
 * Records that are sent to Kafka together, observed as {@code events.kafka}. Nothing of
 * the trace is written into them: each has that of its publisher already.
 */
final class KafkaSend extends SenderContext<Object> {

	private static final Convention CONVENTION = new Convention();

	private final String topic;

	private final int records;

	KafkaSend(TopicTemplate topic, int records) {
		super((carrier, name, value) -> {
		}, Kind.CLIENT);
		setCarrier(this);
		this.topic = topic.text();
		this.records = records;
	}

	Observed start(ObservationRegistry registry) {
		return Observed.start(registry, () -> Observation.createNotStarted(CONVENTION, () -> this, registry), true);
	}

	/**
	 * As OpenTelemetry says for messaging.
	 */
	private static final class Convention implements ObservationConvention<KafkaSend> {

		@Override
		public String getName() {
			return "events.kafka";
		}

		@Override
		public String getContextualName(KafkaSend context) {
			return "send " + context.topic;
		}

		@Override
		public KeyValues getLowCardinalityKeyValues(KafkaSend context) {
			Throwable error = context.getError();
			return KeyValues.of("messaging.system", "kafka", "messaging.operation.name", "send",
					"messaging.operation.type", "send", "messaging.destination.template", context.topic, "error.type",
					(error != null) ? error.getClass().getName() : "none");
		}

		@Override
		public KeyValues getHighCardinalityKeyValues(KafkaSend context) {
			return KeyValues.of("messaging.batch.message_count", Integer.toString(context.records));
		}

		@Override
		public boolean supportsContext(Observation.Context context) {
			return context instanceof KafkaSend;
		}

	}

}
