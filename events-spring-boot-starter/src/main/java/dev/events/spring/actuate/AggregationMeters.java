package dev.events.spring.actuate;

import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.ToLongFunction;

import dev.events.AggregationStats;
import dev.events.EventBus;
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
 * Publishes what aggregations do as meters, all with the tag {@code aggregation}: the
 * gauge {@code events.aggregations}, what the store has by {@code status} ({@code open},
 * {@code failed}, {@code remembered}); the counters {@code events.aggregation.opened},
 * {@code events.aggregation.ended}, {@code events.aggregation.events},
 * {@code events.aggregation.duplicates}, {@code events.aggregation.conflicts},
 * {@code events.aggregation.ignored} and {@code events.aggregation.erased} of this node.
 * Only so many aggregations get meters. Thread-safe.
 */
public final class AggregationMeters implements MeterBinder, ApplicationListener<ContextRefreshedEvent> {

	private static final Logger logger = LoggerFactory.getLogger(AggregationMeters.class);

	private static final long MAX_AGE = Duration.ofSeconds(5).toNanos();

	private static final int MAX_AGGREGATIONS = 100;

	private final EventBus bus;

	private final Set<String> registered = ConcurrentHashMap.newKeySet();

	private volatile @Nullable MeterRegistry registry;

	private volatile Taken taken = new Taken(List.of(), System.nanoTime() - MAX_AGE);

	/** Creates meters for the aggregations of a bus. */
	public AggregationMeters(EventBus bus) {
		this.bus = bus;
	}

	@Override
	public void bindTo(MeterRegistry registry) {
		this.registry = registry;
	}

	/** The aggregations of the context are there now. */
	@Override
	public void onApplicationEvent(ContextRefreshedEvent event) {
		MeterRegistry registry = this.registry;
		if (registry == null) {
			return;
		}
		for (AggregationStats stats : stats()) {
			if (this.registered.size() < MAX_AGGREGATIONS && this.registered.add(stats.aggregation())) {
				register(registry, stats.aggregation());
			}
		}
	}

	private void register(MeterRegistry registry, String aggregation) {
		gauge(registry, aggregation, "open", AggregationStats::open);
		gauge(registry, aggregation, "failed", AggregationStats::failed);
		gauge(registry, aggregation, "remembered", AggregationStats::remembered);
		counter(registry, aggregation, "opened", "Windows opened", AggregationStats::opened);
		counter(registry, aggregation, "ended", "Windows ended", AggregationStats::ended);
		counter(registry, aggregation, "events", "Events added to windows", AggregationStats::events);
		counter(registry, aggregation, "duplicates", "Events that had been added before", AggregationStats::duplicates);
		counter(registry, aggregation, "conflicts", "Commits made anew because somebody else was faster",
				AggregationStats::conflicts);
		counter(registry, aggregation, "ignored", "Events that were for no window", AggregationStats::ignored);
		counter(registry, aggregation, "erased", "Windows given up because their data subject was forgotten",
				AggregationStats::erased);
	}

	private void gauge(MeterRegistry registry, String aggregation, String status,
			ToLongFunction<AggregationStats> value) {
		Gauge.builder("events.aggregations", this, (meters) -> meters.read(aggregation, value))
			.tag("aggregation", aggregation)
			.tag("status", status)
			.description("Keys that the store has, with an open window, one that could not be published, or none")
			.register(registry);
	}

	private void counter(MeterRegistry registry, String aggregation, String name, String description,
			ToLongFunction<AggregationStats> value) {
		FunctionCounter.builder("events.aggregation." + name, this, (meters) -> meters.read(aggregation, value))
			.tag("aggregation", aggregation)
			.description(description)
			.register(registry);
	}

	private double read(String aggregation, ToLongFunction<AggregationStats> value) {
		return stats().stream()
			.filter((stats) -> stats.aggregation().equals(aggregation))
			.mapToLong(value)
			.findFirst()
			.orElse(0);
	}

	/** Reading many meters costs one look at the store. */
	private List<AggregationStats> stats() {
		Taken last = this.taken;
		long now = System.nanoTime();
		if (now - last.at < MAX_AGE) {
			return last.stats;
		}
		try {
			last = new Taken(this.bus.aggregations().stats(), now);
		}
		catch (RuntimeException ex) {
			logger.debug("No statistics of aggregations from the event store", ex);
			last = new Taken(last.stats, now);
		}
		this.taken = last;
		return last.stats;
	}

	private record Taken(List<AggregationStats> stats, long at) {

	}

}
