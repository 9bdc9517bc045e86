package dev.events.aggregation;

import java.util.concurrent.atomic.LongAdder;

/**
 * What one aggregation has done on this node. Thread-safe.
 */
final class AggregationCounters {

	final LongAdder opened = new LongAdder();

	final LongAdder ended = new LongAdder();

	final LongAdder events = new LongAdder();

	final LongAdder duplicates = new LongAdder();

	final LongAdder conflicts = new LongAdder();

	final LongAdder ignored = new LongAdder();

	final LongAdder erased = new LongAdder();

}
