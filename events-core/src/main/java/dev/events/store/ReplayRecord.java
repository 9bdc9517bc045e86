package dev.events.store;

import java.time.Instant;
import java.util.List;
import java.util.UUID;
import java.util.stream.IntStream;

import dev.events.ReplayInfo.State;
import org.jspecify.annotations.Nullable;

/**
 * A replay as it is stored: events of a part of the log are delivered again to one
 * subscription. All of it but state, times and progress never changes.
 *
 * @param id unique id
 * @param subscription id of the subscription
 * @param criteria which events; {@code newestFirst} and {@code beyond} mean nothing here
 * @param after only events behind this position
 * @param upTo only events up to this position, which is settled
 * @param total how many events that are
 * @param rate at most so many events a second in all partitions together; 0 for any
 * number
 * @param state its state
 * @param createdAt when it was created, by the store's clock; {@code null} for one that
 * is to be created
 * @param finishedAt when it was completed or cancelled, by the store's clock, or
 * {@code null}
 * @param asOf when this was read, by the store's clock; {@code null} for one that is to
 * be created
 * @param former which events are done although the progress is behind them, from when the
 * subscription had other numbers of partitions during this replay
 * @param partitions progress of each partition of the subscription, by its number; empty
 * for one that is to be created
 */
public record ReplayRecord(UUID id, String subscription, EventCriteria criteria, long after, long upTo, long total,
		double rate, State state, @Nullable Instant createdAt, @Nullable Instant finishedAt, @Nullable Instant asOf,
		List<FormerPartitions> former, List<ReplayProgress> partitions) {

	/** One that is to be created. */
	public ReplayRecord(UUID id, String subscription, EventCriteria criteria, long after, long upTo, long total,
			double rate, State state) {
		this(id, subscription, criteria, after, upTo, total, rate, state, null, null, null, List.of(), List.of());
	}

	/** The same with the progress of its partitions. */
	public ReplayRecord withPartitions(List<ReplayProgress> partitions) {
		return new ReplayRecord(this.id, this.subscription, this.criteria, this.after, this.upTo, this.total, this.rate,
				this.state, this.createdAt, this.finishedAt, this.asOf, this.former, List.copyOf(partitions));
	}

	/** Whether an event behind the progress of its partition is done. */
	public boolean isDone(int hash, long position) {
		for (FormerPartitions partitions : this.former) {
			if (partitions.isDone(hash, position)) {
				return true;
			}
		}
		return false;
	}

	/** Whether every partition has come to the end. */
	public boolean isAtEnd() {
		return this.partitions.stream().allMatch((partition) -> partition.position() >= this.upTo);
	}

	/**
	 * The progress of the partitions after their number has changed: each begins at the
	 * lowest of the old ones, and the counts are with the first.
	 * @param partitions new number of partitions
	 */
	public List<ReplayProgress> repartitioned(int partitions) {
		long lowest = this.partitions.stream().mapToLong(ReplayProgress::position).min().orElse(this.after);
		long handled = this.partitions.stream().mapToLong(ReplayProgress::handled).sum();
		long failed = this.partitions.stream().mapToLong(ReplayProgress::failed).sum();
		ReplayProgress first = new ReplayProgress(this.id, lowest, handled, failed);
		ReplayProgress other = new ReplayProgress(this.id, lowest, 0, 0);
		return IntStream.range(0, partitions).mapToObj((partition) -> (partition == 0) ? first : other).toList();
	}

	/**
	 * What has to be known after the number of partitions has changed, see
	 * {@link #former()}.
	 */
	public List<FormerPartitions> formerAfterChange() {
		return FormerPartitions.afterChange(this.former,
				this.partitions.stream().map(ReplayProgress::position).toList());
	}

}
