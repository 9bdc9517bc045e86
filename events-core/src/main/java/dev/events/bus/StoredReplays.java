package dev.events.bus;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

import dev.events.Replay;
import dev.events.ReplayInfo;
import dev.events.Replays;
import dev.events.store.ReplayProgress;
import dev.events.store.ReplayRecord;
import org.jspecify.annotations.Nullable;

/**
 * The replays of a store.
 */
final class StoredReplays implements Replays {

	private final dev.events.store.Replays replays;

	private final Runnable onChange;

	/**
	 * Creates a view of them.
	 * @param onChange called when one was changed
	 */
	StoredReplays(dev.events.store.Replays replays, Runnable onChange) {
		this.replays = replays;
		this.onChange = onChange;
	}

	@Override
	public List<ReplayInfo> list() {
		return this.replays.list().stream().map(StoredReplays::info).toList();
	}

	@Override
	public Optional<Replay> find(UUID id) {
		return this.replays.find(id)
			.map((replay) -> new StoredReplay(id, replay.subscription(), this.replays, this.onChange));
	}

	static ReplayInfo info(ReplayRecord replay) {
		Instant startedAt = (replay.createdAt() != null) ? replay.createdAt() : Instant.EPOCH;
		Instant until = (replay.finishedAt() != null) ? replay.finishedAt() : replay.asOf();
		long handled = replay.partitions().stream().mapToLong(ReplayProgress::handled).sum();
		// what live delivery had still before it at the start came live
		long done = (replay.state() == ReplayInfo.State.COMPLETED) ? replay.total() : Math.min(handled, replay.total());
		double seconds = (until != null) ? Duration.between(startedAt, until).toNanos() / 1e9 : 0;
		double rate = (seconds > 0) ? done / seconds : 0;
		return new ReplayInfo(replay.id(), replay.subscription(), replay.state(), replay.total(), done,
				replay.partitions().stream().mapToLong(ReplayProgress::failed).sum(), replay.rate(), startedAt,
				replay.finishedAt(), rate, remaining(replay, done, rate));
	}

	private static @Nullable Duration remaining(ReplayRecord replay, long done, double rate) {
		if (replay.state().isFinal()) {
			return Duration.ZERO;
		}
		return (rate > 0) ? Duration.ofMillis((long) (1000 * (replay.total() - done) / rate)) : null;
	}

}
