package dev.events.memory;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;

import dev.events.ReplayInfo.State;
import dev.events.store.PartitionId;
import dev.events.store.ReplayProgress;
import dev.events.store.ReplayRecord;
import dev.events.store.Replays;
import org.jspecify.annotations.Nullable;

/**
 * All replays, the oldest first. Records are immutable: a change puts another one in the
 * place of the old one. Guarded by the store's lock.
 */
final class ReplayTable {

	private final Map<UUID, ReplayRecord> replays = new LinkedHashMap<>();

	Stream<ReplayRecord> all() {
		return this.replays.values().stream();
	}

	Optional<ReplayRecord> find(UUID id) {
		return Optional.ofNullable(this.replays.get(id));
	}

	Optional<ReplayRecord> active(String subscription) {
		return all().filter((replay) -> replay.subscription().equals(subscription) && !replay.state().isFinal())
			.findFirst();
	}

	void add(ReplayRecord replay, int partitions, Instant now) {
		ReplayProgress start = new ReplayProgress(replay.id(), replay.after(), 0, 0);
		ReplayRecord created = with(replay, replay.state(), replay.state().isFinal() ? now : null,
				java.util.Collections.nCopies(partitions, start));
		this.replays.put(replay.id(),
				new ReplayRecord(created.id(), created.subscription(), created.criteria(), created.after(),
						created.upTo(), created.total(), created.rate(), created.state(), now, created.finishedAt(),
						now, created.former(), created.partitions()));
		forgetOldest(replay.subscription());
	}

	private void forgetOldest(String subscription) {
		all().filter((replay) -> replay.subscription().equals(subscription) && replay.state().isFinal())
			.sorted(Comparator.comparing(ReplayTable::createdAt).reversed())
			.skip(Replays.KEPT)
			.map(ReplayRecord::id)
			.toList()
			.forEach(this.replays::remove);
	}

	static Instant createdAt(ReplayRecord replay) {
		return (replay.createdAt() != null) ? replay.createdAt() : Instant.EPOCH;
	}

	void change(ReplayRecord replay, State to, Instant now) {
		this.replays.put(replay.id(), with(replay, to, to.isFinal() ? now : null, replay.partitions()));
	}

	/** Numbers never become lower. */
	void progress(PartitionId partition, ReplayProgress progress) {
		this.replays.computeIfPresent(progress.replay(), (id, replay) -> {
			List<ReplayProgress> partitions = new ArrayList<>(replay.partitions());
			UnaryOperator<ReplayProgress> merge = (stored) -> new ReplayProgress(id,
					Math.max(stored.position(), progress.position()), Math.max(stored.handled(), progress.handled()),
					Math.max(stored.failed(), progress.failed()));
			if (replay.subscription().equals(partition.subscription()) && partition.partition() < partitions.size()) {
				partitions.set(partition.partition(), merge.apply(partitions.get(partition.partition())));
			}
			return with(replay, replay.state(), replay.finishedAt(), List.copyOf(partitions));
		});
	}

	void repartition(String subscription, int partitions) {
		active(subscription).ifPresent((replay) -> this.replays.put(replay.id(),
				new ReplayRecord(replay.id(), replay.subscription(), replay.criteria(), replay.after(), replay.upTo(),
						replay.total(), replay.rate(), replay.state(), replay.createdAt(), replay.finishedAt(),
						replay.asOf(), replay.formerAfterChange(), replay.repartitioned(partitions))));
	}

	void removeAll(String subscription) {
		this.replays.values().removeIf((replay) -> replay.subscription().equals(subscription));
	}

	static ReplayRecord asOf(ReplayRecord replay, Instant now) {
		return new ReplayRecord(replay.id(), replay.subscription(), replay.criteria(), replay.after(), replay.upTo(),
				replay.total(), replay.rate(), replay.state(), replay.createdAt(), replay.finishedAt(), now,
				replay.former(), replay.partitions());
	}

	private static ReplayRecord with(ReplayRecord replay, State state, @Nullable Instant finishedAt,
			List<ReplayProgress> partitions) {
		return new ReplayRecord(replay.id(), replay.subscription(), replay.criteria(), replay.after(), replay.upTo(),
				replay.total(), replay.rate(), state, replay.createdAt(), finishedAt, replay.asOf(), replay.former(),
				partitions);
	}

}
