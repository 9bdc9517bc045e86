package dev.events.memory;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Stream;

import dev.events.ReplayInfo.State;
import dev.events.store.PartitionId;
import dev.events.store.ReplayProgress;
import dev.events.store.ReplayRecord;
import dev.events.store.Replays;

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
		this.replays.put(replay.id(),
				new ReplayRecord(replay.id(), replay.subscription(), replay.criteria(), replay.after(), replay.upTo(),
						replay.total(), replay.rate(), replay.state(), now, replay.state().isFinal() ? now : null, now,
						List.of(), Collections.nCopies(partitions, start)));
		forgetOldest(replay.subscription());
	}

	private void forgetOldest(String subscription) {
		List<UUID> finished = all()
			.filter((replay) -> replay.subscription().equals(subscription) && replay.state().isFinal())
			.map(ReplayRecord::id)
			.toList();
		this.replays.keySet().removeAll(finished.subList(0, Math.max(0, finished.size() - Replays.KEPT)));
	}

	void change(ReplayRecord replay, State to, Instant now) {
		this.replays.put(replay.id(),
				new ReplayRecord(replay.id(), replay.subscription(), replay.criteria(), replay.after(), replay.upTo(),
						replay.total(), replay.rate(), to, replay.createdAt(), to.isFinal() ? now : null, now,
						replay.former(), replay.partitions()));
	}

	/** Numbers never become lower. */
	void progress(PartitionId partition, ReplayProgress progress) {
		this.replays.computeIfPresent(progress.replay(), (id, replay) -> {
			if (!replay.subscription().equals(partition.subscription())
					|| partition.partition() >= replay.partitions().size()) {
				// over since the subscription had other partitions
				return replay;
			}
			List<ReplayProgress> partitions = new ArrayList<>(replay.partitions());
			ReplayProgress stored = partitions.get(partition.partition());
			partitions.set(partition.partition(),
					new ReplayProgress(id, Math.max(stored.position(), progress.position()),
							Math.max(stored.handled(), progress.handled()),
							Math.max(stored.failed(), progress.failed())));
			return replay.withPartitions(partitions);
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

}
