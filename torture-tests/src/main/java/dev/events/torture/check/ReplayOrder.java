package dev.events.torture.check;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.Predicate;

import org.jspecify.annotations.Nullable;

/**
 * What must be true of the replays of one subscription, whose handler never fails. A
 * replay lasts until the next one is begun.
 * <ul>
 * <li>In each key a replay handles events for the first time in order.</li>
 * <li>Once a key has met the replay, no event of the key comes live for the first time
 * before what the replay still has in front of it.</li>
 * <li>What had been handled live before the replay began is handled again.</li>
 * </ul>
 */
final class ReplayOrder {

	private final List<BegunReplay> replays;

	private final Predicate<Call> doubtful;

	private final Map<UUID, Call> firstLive = new HashMap<>();

	// for each replay, what it has handled first
	private final List<Map<UUID, Call>> firstReplayed = new ArrayList<>();

	private final List<String> violations = new ArrayList<>();

	/**
	 * Sorts calls.
	 * @param doubtful calls that a node may have begun although they were not its own any
	 * more
	 */
	ReplayOrder(List<BegunReplay> replays, List<Call> calls, Predicate<Call> doubtful) {
		this.replays = replays.stream().sorted(Comparator.comparingLong(BegunReplay::start)).toList();
		this.doubtful = doubtful;
		this.replays.forEach((replay) -> this.firstReplayed.add(new HashMap<>()));
		for (Call call : calls) {
			if (call.isSuccess()) {
				add(call);
			}
		}
	}

	private void add(Call call) {
		if (!call.replay()) {
			this.firstLive.merge(call.event(), call, ReplayOrder::earlier);
			return;
		}
		int replay = replayAt(call.start());
		if (replay < 0) {
			this.violations.add(call + " before there was a replay");
		}
		else if (!this.doubtful.test(call)) {
			this.firstReplayed.get(replay).merge(call.event(), call, ReplayOrder::earlier);
		}
	}

	private static Call earlier(Call one, Call other) {
		return (one.end() - other.end() <= 0) ? one : other;
	}

	private int replayAt(long moment) {
		int found = -1;
		for (int i = 0; i < this.replays.size(); i++) {
			if (this.replays.get(i).start() - moment <= 0) {
				found = i;
			}
		}
		return found;
	}

	/** Checks the events of one key, in their order. */
	void check(List<Published> events) {
		for (int i = 0; i < this.replays.size(); i++) {
			Map<UUID, Call> replayed = this.firstReplayed.get(i);
			long begun = Long.MAX_VALUE;
			for (Published event : events) {
				Call call = replayed.get(event.id());
				begun = (call != null) ? Math.min(begun, call.start()) : begun;
			}
			Call last = null;
			for (Published event : events) {
				Call call = replayed.get(event.id());
				Call live = this.firstLive.get(event.id());
				requireAfter(last, call);
				if (live != null && live.start() - begun > 0) {
					requireAfter(last, live);
				}
				if (call != null && (last == null || call.end() - last.end() > 0)) {
					last = call;
				}
			}
		}
	}

	private void requireAfter(@Nullable Call last, @Nullable Call call) {
		if (last != null && call != null && !this.doubtful.test(call) && call.start() - last.end() < 0) {
			this.violations.add("%s began before %s had ended".formatted(call, last));
		}
	}

	/** Checks that a replay has left out nothing of what was there for it. */
	void checkLost(Published event, List<Call> calls) {
		Call live = this.firstLive.get(event.id());
		if (live == null) {
			return;
		}
		for (BegunReplay replay : this.replays) {
			boolean missing = calls.stream().noneMatch((call) -> call.isSuccess() && call.end() - replay.start() > 0);
			if (replay.all() && live.end() - replay.start() < 0 && missing) {
				this.violations.add("%s was left out by %s".formatted(event, replay));
			}
		}
	}

	/** How many events were replayed. */
	int replayed() {
		return this.firstReplayed.stream().mapToInt(Map::size).sum();
	}

	List<String> violations() {
		return this.violations;
	}

}
