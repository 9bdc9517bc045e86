package dev.events.spring.actuate;

import java.util.function.ToLongFunction;

import dev.events.AggregationStats;
import dev.events.EventBus;
import io.micrometer.core.instrument.MeterRegistry;

/**
 * Publishes what aggregations do as meters, all with the tag {@code aggregation}: the
 * gauge {@code events.aggregations}, what the store has by {@code status} ({@code open},
 * {@code failed}, {@code remembered}); the counters {@code events.aggregation.opened},
 * {@code events.aggregation.ended}, {@code events.aggregation.events},
 * {@code events.aggregation.duplicates}, {@code events.aggregation.conflicts},
 * {@code events.aggregation.ignored} and {@code events.aggregation.erased} of this node.
 * Only so many aggregations get meters. Thread-safe.
 */
public final class AggregationMeters extends ProcessMeters<AggregationStats> {

	/** Creates meters for the aggregations of a bus. */
	public AggregationMeters(EventBus bus) {
		super("aggregation", () -> bus.aggregations().stats(), AggregationStats::aggregation);
	}

	@Override
	void register(MeterRegistry registry, String aggregation) {
		keys(registry, aggregation, "open", AggregationStats::open);
		keys(registry, aggregation, "failed", AggregationStats::failed);
		keys(registry, aggregation, "remembered", AggregationStats::remembered);
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

	private void keys(MeterRegistry registry, String aggregation, String status,
			ToLongFunction<AggregationStats> value) {
		gauge(registry, aggregation, status,
				"Keys that the store has, with an open window, one that could not be published, or none", value);
	}

}
