package dev.events.stats;

import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;

import dev.events.EventStats.TypeStats;

/**
 * Counts of one node since it started. Thread-safe. Event types are a matter of the
 * publishers, so the number of types that are counted apart is bounded; the rest share
 * one count.
 */
public final class EventCounters {

	/** Name under which the types beyond the bound are counted. */
	public static final String OTHER_TYPES = "(other)";

	private static final int MAX_TYPES = 1000;

	private final Map<String, Counts> byType = new ConcurrentHashMap<>();

	private final Map<String, Counts> bySubscription = new ConcurrentHashMap<>();

	private final LongAdder cancelled = new LongAdder();

	private final LongAdder dropped = new LongAdder();

	private final LongAdder rejected = new LongAdder();

	private final LongAdder refused = new LongAdder();

	private final LongAdder duplicates = new LongAdder();

	private final LongAdder deferred = new LongAdder();

	private final LongAdder lost = new LongAdder();

	private final LongAdder unknown = new LongAdder();

	private final LongAdder erased = new LongAdder();

	public void published(String type) {
		type(type).published.increment();
	}

	public void delivered(String type, String subscription) {
		delivered(type, subscription(subscription));
	}

	/** As {@link #delivered(String, String)}, with counts that were looked up before. */
	public void delivered(String type, Counts subscription) {
		type(type).delivered.increment();
		subscription.delivered.increment();
	}

	public void failed(String type, String subscription) {
		type(type).failed.increment();
		subscription(subscription).failed.increment();
	}

	/** Time that the handler of a subscription took for one attempt. */
	public void handled(String subscription, long nanos) {
		handled(subscription(subscription), nanos);
	}

	/** As {@link #handled(String, long)}, with counts that were looked up before. */
	public void handled(Counts subscription, long nanos) {
		subscription.handlerNanos.add(nanos);
	}

	public void cancelled() {
		this.cancelled.increment();
	}

	public void dropped() {
		this.dropped.increment();
	}

	public void rejected() {
		this.rejected.increment();
	}

	/** An event must not be published. */
	public void refused() {
		this.refused.increment();
	}

	/** A subscription must not have an event. */
	public void refused(String subscription) {
		this.refused.increment();
		subscription(subscription).refused.increment();
	}

	public void duplicate() {
		this.duplicates.increment();
	}

	/**
	 * Events wait for the commit of a transaction that the store does not take part in.
	 */
	public void deferred(int events) {
		this.deferred.add(events);
	}

	/** Events of a committed transaction could not be stored after it. */
	public void lost(int events) {
		this.lost.add(events);
	}

	/** Nobody knows whether events of a committed transaction were stored after it. */
	public void unknown(int events) {
		this.unknown.add(events);
	}

	/**
	 * A delivery was passed over because nobody can read the event any more.
	 * @return how many there have been of the subscription
	 */
	public long erased(String subscription) {
		this.erased.increment();
		return subscription(subscription).erased.incrementAndGet();
	}

	public long totalPublished() {
		return this.byType.values().stream().mapToLong((counts) -> counts.published.sum()).sum();
	}

	public long totalDelivered() {
		return this.byType.values().stream().mapToLong((counts) -> counts.delivered.sum()).sum();
	}

	public long totalFailed() {
		return this.byType.values().stream().mapToLong((counts) -> counts.failed.sum()).sum();
	}

	public long totalCancelled() {
		return this.cancelled.sum();
	}

	public long totalDropped() {
		return this.dropped.sum();
	}

	public long totalRejected() {
		return this.rejected.sum();
	}

	public long totalRefused() {
		return this.refused.sum();
	}

	public long totalDuplicates() {
		return this.duplicates.sum();
	}

	public long totalDeferred() {
		return this.deferred.sum();
	}

	public long totalLost() {
		return this.lost.sum();
	}

	public long totalUnknown() {
		return this.unknown.sum();
	}

	public long totalErased() {
		return this.erased.sum();
	}

	public long delivered(String subscription) {
		Counts counts = this.bySubscription.get(subscription);
		return (counts != null) ? counts.delivered.sum() : 0;
	}

	public long failed(String subscription) {
		Counts counts = this.bySubscription.get(subscription);
		return (counts != null) ? counts.failed.sum() : 0;
	}

	public long refusedBy(String subscription) {
		Counts counts = this.bySubscription.get(subscription);
		return (counts != null) ? counts.refused.sum() : 0;
	}

	public Duration handlerTime(String subscription) {
		Counts counts = this.bySubscription.get(subscription);
		return (counts != null) ? Duration.ofNanos(counts.handlerNanos.sum()) : Duration.ZERO;
	}

	public Map<String, TypeStats> types() {
		Map<String, TypeStats> types = new TreeMap<>();
		this.byType.forEach((type, counts) -> types.put(type,
				new TypeStats(counts.published.sum(), counts.delivered.sum(), counts.failed.sum())));
		return types;
	}

	/** Forgets the counts of a subscription that is gone. */
	public void forget(String subscription) {
		this.bySubscription.remove(subscription);
	}

	private Counts type(String type) {
		Counts counts = this.byType.get(type);
		if (counts != null) {
			return counts;
		}
		String name = (this.byType.size() < MAX_TYPES) ? type : OTHER_TYPES;
		return this.byType.computeIfAbsent(name, (key) -> new Counts());
	}

	/**
	 * What is counted of a subscription, to be kept by whoever counts often, until the
	 * subscription is forgotten.
	 */
	public Counts subscription(String subscription) {
		Counts counts = this.bySubscription.get(subscription);
		return (counts != null) ? counts : this.bySubscription.computeIfAbsent(subscription, (key) -> new Counts());
	}

	/**
	 * Counts of a type or of a subscription.
	 */
	public static final class Counts {

		private final LongAdder published = new LongAdder();

		private final LongAdder delivered = new LongAdder();

		private final LongAdder failed = new LongAdder();

		private final LongAdder refused = new LongAdder();

		private final LongAdder handlerNanos = new LongAdder();

		private final AtomicLong erased = new AtomicLong();

		private Counts() {
		}

	}

}
