package dev.events.spring.kafka;

import java.util.function.ToDoubleFunction;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.MeterBinder;

/**
 * Meters of topics that are published on the bus: {@code events.kafka.inbound}, by topic
 * and outcome, and {@code events.kafka.standing}, partitions that do not move on.
 */
public final class InboundMeters implements MeterBinder {

	private final KafkaInbound inbound;

	/**
	 * Creates the meters.
	 */
	public InboundMeters(KafkaInbound inbound) {
		this.inbound = inbound;
	}

	@Override
	public void bindTo(MeterRegistry registry) {
		for (InboundListener listener : this.inbound.listeners()) {
			counter(registry, listener, "stored", (status) -> status.stored());
			counter(registry, listener, "duplicate", (status) -> status.duplicates());
			counter(registry, listener, "refused", (status) -> status.refused());
			Gauge.builder("events.kafka.standing", listener, (topic) -> topic.status().standing())
				.description("Partitions whose next record has failed")
				.tag("topic", listener.status().topic())
				.register(registry);
		}
	}

	private static void counter(MeterRegistry registry, InboundListener listener, String outcome,
			ToDoubleFunction<InboundStatus> count) {
		FunctionCounter.builder("events.kafka.inbound", listener, (topic) -> count.applyAsDouble(topic.status()))
			.description("Records that were read")
			.tag("topic", listener.status().topic())
			.tag("outcome", outcome)
			.register(registry);
	}

}
