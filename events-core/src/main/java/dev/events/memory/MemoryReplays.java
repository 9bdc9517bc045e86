package dev.events.memory;

import java.time.Clock;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.Predicate;

import dev.events.ReplayInfo.State;
import dev.events.store.ReplayRecord;
import dev.events.store.Replays;

/**
 * The replays, and moves of cursors that must not meet them.
 */
final class MemoryReplays implements Replays {

	private final StateLock lock;

	private final Clock clock;

	private final ReplayTable table;

	private final MemoryCursors cursors;

	MemoryReplays(StateLock lock, Clock clock, ReplayTable table, MemoryCursors cursors) {
		this.lock = lock;
		this.clock = clock;
		this.table = table;
		this.cursors = cursors;
	}

	@Override
	public boolean create(ReplayRecord replay) {
		return this.lock.get(() -> {
			int partitions = this.cursors.count(replay.subscription());
			if (partitions == 0 || this.table.active(replay.subscription()).isPresent()) {
				return false;
			}
			this.table.add(replay, partitions, this.clock.instant());
			return true;
		});
	}

	@Override
	public List<ReplayRecord> list() {
		return read((replay) -> true);
	}

	@Override
	public List<ReplayRecord> active() {
		return read((replay) -> !replay.state().isFinal());
	}

	private List<ReplayRecord> read(Predicate<ReplayRecord> which) {
		return this.lock.get(() -> {
			List<ReplayRecord> found = new ArrayList<>(this.table.all()
				.filter(which)
				.map((replay) -> ReplayTable.asOf(replay, this.clock.instant()))
				.toList());
			Collections.reverse(found);
			return Collections.unmodifiableList(found);
		});
	}

	@Override
	public Optional<ReplayRecord> find(UUID id) {
		return this.lock.get(() -> this.table.find(id).map((replay) -> ReplayTable.asOf(replay, this.clock.instant())));
	}

	@Override
	public boolean change(UUID id, Set<State> from, State to) {
		return this.lock.get(() -> {
			Optional<ReplayRecord> replay = this.table.find(id).filter((found) -> from.contains(found.state()));
			replay.ifPresent((found) -> this.table.change(found, to, this.clock.instant()));
			return replay.isPresent();
		});
	}

	@Override
	public boolean rewind(String subscription, long position) {
		return move(subscription, position, false);
	}

	@Override
	public boolean fastForward(String subscription, long position) {
		return move(subscription, position, true);
	}

	private boolean move(String subscription, long position, boolean forward) {
		return this.lock.get(() -> {
			if (this.cursors.count(subscription) == 0 || this.table.active(subscription).isPresent()) {
				return false;
			}
			this.cursors.move(subscription, position, forward);
			return true;
		});
	}

}
