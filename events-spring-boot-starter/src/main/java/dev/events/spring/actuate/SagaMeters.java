package dev.events.spring.actuate;

import java.util.Locale;

import dev.events.EventBus;
import dev.events.SagaInfo.Status;
import dev.events.SagaStats;
import io.micrometer.core.instrument.MeterRegistry;

/**
 * Publishes what sagas do as meters, all with the tag {@code saga}: the gauge
 * {@code events.sagas} by {@code status}; the counters {@code events.saga.started},
 * {@code events.saga.completed}, {@code events.saga.compensated},
 * {@code events.saga.timeouts}, {@code events.saga.conflicts},
 * {@code events.saga.duplicates}, {@code events.saga.late} and
 * {@code events.saga.ignored} of this node. Only so many sagas get meters. Thread-safe.
 */
public final class SagaMeters extends ProcessMeters<SagaStats> {

	/** Creates meters for the sagas of a bus. */
	public SagaMeters(EventBus bus) {
		super("saga", () -> bus.sagas().stats(), SagaStats::saga);
	}

	@Override
	void register(MeterRegistry registry, String saga) {
		for (Status status : Status.values()) {
			gauge(registry, saga, status.name().toLowerCase(Locale.ROOT), "Sagas that the store has",
					(stats) -> stats.sagas().getOrDefault(status, 0L));
		}
		counter(registry, saga, "started", "Sagas started", SagaStats::started);
		counter(registry, saga, "completed", "Sagas completed", SagaStats::completed);
		counter(registry, saga, "compensated", "Sagas compensated", SagaStats::compensated);
		counter(registry, saga, "timeouts", "Timeouts that took effect", SagaStats::timeouts);
		counter(registry, saga, "conflicts", "Steps made anew because another one was faster", SagaStats::conflicts);
		counter(registry, saga, "duplicates", "Events that were handled before", SagaStats::duplicates);
		counter(registry, saga, "late", "Events of sagas that had ended", SagaStats::late);
		counter(registry, saga, "ignored", "Events that were for no saga", SagaStats::ignored);
	}

}
