package dev.events.spring.actuate;

import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.ToLongFunction;

import dev.events.EventBus;
import dev.events.SagaInfo.Status;
import dev.events.SagaStats;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.MeterBinder;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.springframework.context.ApplicationListener;
import org.springframework.context.event.ContextRefreshedEvent;

/**
 * Publishes what sagas do as meters, all with the tag {@code saga}: the gauge
 * {@code events.sagas} by {@code status}; the counters {@code events.saga.started},
 * {@code events.saga.completed}, {@code events.saga.compensated},
 * {@code events.saga.timeouts}, {@code events.saga.conflicts},
 * {@code events.saga.duplicates}, {@code events.saga.late} and
 * {@code events.saga.ignored} of this node. Only so many sagas get meters. Thread-safe.
 */
public final class SagaMeters implements MeterBinder, ApplicationListener<ContextRefreshedEvent> {

	private static final Logger logger = LoggerFactory.getLogger(SagaMeters.class);

	private static final long MAX_AGE = Duration.ofSeconds(5).toNanos();

	private static final int MAX_SAGAS = 100;

	private final EventBus bus;

	private final Set<String> registered = ConcurrentHashMap.newKeySet();

	private volatile @Nullable MeterRegistry registry;

	private volatile Taken taken = new Taken(List.of(), System.nanoTime() - MAX_AGE);

	/** Creates meters for the sagas of a bus. */
	public SagaMeters(EventBus bus) {
		this.bus = bus;
	}

	@Override
	public void bindTo(MeterRegistry registry) {
		this.registry = registry;
	}

	/** The sagas of the context are there now. */
	@Override
	public void onApplicationEvent(ContextRefreshedEvent event) {
		MeterRegistry registry = this.registry;
		if (registry == null) {
			return;
		}
		for (SagaStats stats : stats()) {
			if (this.registered.size() < MAX_SAGAS && this.registered.add(stats.saga())) {
				register(registry, stats.saga());
			}
		}
	}

	private void register(MeterRegistry registry, String saga) {
		for (Status status : Status.values()) {
			Gauge
				.builder("events.sagas", this,
						(meters) -> meters.read(saga, (stats) -> stats.sagas().getOrDefault(status, 0L)))
				.tag("saga", saga)
				.tag("status", status.name().toLowerCase(Locale.ROOT))
				.description("Sagas that the store has")
				.register(registry);
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

	private void counter(MeterRegistry registry, String saga, String name, String description,
			ToLongFunction<SagaStats> value) {
		FunctionCounter.builder("events.saga." + name, this, (meters) -> meters.read(saga, value))
			.tag("saga", saga)
			.description(description)
			.register(registry);
	}

	private double read(String saga, ToLongFunction<SagaStats> value) {
		return stats().stream().filter((stats) -> stats.saga().equals(saga)).mapToLong(value).findFirst().orElse(0);
	}

	/** Reading many meters costs one look at the store. */
	private List<SagaStats> stats() {
		Taken last = this.taken;
		long now = System.nanoTime();
		if (now - last.at < MAX_AGE) {
			return last.stats;
		}
		try {
			last = new Taken(this.bus.sagas().stats(), now);
		}
		catch (RuntimeException ex) {
			logger.debug("No statistics of sagas from the event store", ex);
			last = new Taken(last.stats, now);
		}
		this.taken = last;
		return last.stats;
	}

	private record Taken(List<SagaStats> stats, long at) {

	}

}
