package dev.events.torture.check;

import java.time.Duration;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

import dev.events.torture.check.Fault.Kind;
import org.jspecify.annotations.Nullable;

/**
 * Says which fault is the reason that something was handled twice.
 * <p>
 * Delivery is at least once: what a node has handled is handled again by whoever has the
 * partition next when the node could not save it in time. It saves every 100 ms, so all
 * that may be repeated is what was handled within the {@linkplain #CHECKPOINT_AGE age of
 * a checkpoint} before the node was killed or stood still, or while it could not reach
 * the server. A node that stood still past its lease may also <em>finish</em> what it was
 * in the middle of when it stopped; and as it cannot look at the clock and call a handler
 * in one step, it may <em>begin</em> one more call for each partition that it had, at the
 * moment it goes on. Nothing else may be repeated: in particular nothing because
 * partitions move to a node that has started, or away from one that was asked to stop.
 */
final class Explanations {

	/** Interval of checkpoints, and time to write one on a busy machine. */
	static final Duration CHECKPOINT_AGE = Duration.ofSeconds(1);

	// a node goes on after a pause: until it has run for so long its last look at the
	// clock was before it
	private static final Duration RACE = Duration.ofMillis(300);

	// shorter ones cost no lease: it is renewed three times in its duration
	private static final Duration LEASE_IN_DANGER = Duration.ofSeconds(1);

	private static final Set<Kind> CUT_OFF = EnumSet.of(Kind.SERVER_STOPPED, Kind.SERVER_KILLED, Kind.CUT_CONNECTIONS,
			Kind.CLIENTS_PAUSED, Kind.SERVER_PAUSED, Kind.POOL_EXHAUSTED);

	private static final Set<Kind> PAUSES = EnumSet.of(Kind.PAUSE, Kind.SHORT_PAUSE);

	private final List<Fault> faults;

	private final Duration lease;

	private final Map<Race, Integer> races = new HashMap<>();

	private final Map<Kind, Integer> used = new EnumMap<>(Kind.class);

	// age of what was handled before a kill and had to be repeated
	private long oldestRepeated;

	Explanations(List<Fault> faults, Duration lease) {
		this.faults = faults.stream().sorted(Comparator.comparingLong(Fault::start)).toList();
		this.lease = lease;
	}

	/**
	 * Why a call was not known when the event was handled again.
	 * @param before a call that had ended
	 * @param again a later one
	 * @param prepared how many calls may begin after a pause
	 * @return the reason, or {@code null} if there is none
	 */
	@Nullable Kind ofRepetition(Call before, Call again, int prepared) {
		Kind kind = findRepetition(before, again, prepared);
		if (kind != null) {
			this.used.merge(kind, 1, Integer::sum);
		}
		return kind;
	}

	private @Nullable Kind findRepetition(Call before, Call again, int prepared) {
		long saved = before.end() + CHECKPOINT_AGE.toNanos();
		for (Fault fault : this.faults) {
			if (isKill(fault, before, saved)) {
				this.oldestRepeated = Math.max(this.oldestRepeated, fault.start() - before.end());
				return Kind.KILL;
			}
		}
		for (Fault fault : this.faults) {
			if (isStandstill(fault) && fault.concerns(before.worker())
					&& overlap(before.start(), saved, fault.start(), fault.end())) {
				return fault.kind();
			}
		}
		for (Fault fault : this.faults) {
			if (CUT_OFF.contains(fault.kind()) && fault.concerns(before.worker())
					&& overlap(before.end(), saved, fault.start(), recovered(fault))) {
				return fault.kind();
			}
		}
		if (isRace(before, prepared) || isRace(again, prepared)) {
			return Kind.PAUSE;
		}
		long late = stalled(before);
		return (late > 0 && this.faults.stream().anyMatch((fault) -> isKill(fault, before, saved + late))) ? Kind.STALL
				: null;
	}

	/**
	 * Until then a node may still suffer from having been cut off: it tries again ever
	 * more slowly, so it may notice only as long after the end as it lasted, and a lease
	 * that it could not renew may be over only then.
	 */
	private long recovered(Fault fault) {
		return fault.end() + (fault.end() - fault.start()) + this.lease.toNanos() + CHECKPOINT_AGE.toNanos();
	}

	private static boolean isKill(Fault fault, Call before, long saved) {
		return fault.kind() == Kind.KILL && fault.worker().equals(before.worker())
				&& overlap(before.end(), saved, fault.start(), fault.end());
	}

	/** By how much a checkpoint may be late, because the machine was. */
	private long stalled(Call call) {
		long stalled = 0;
		for (Fault fault : this.faults) {
			if (fault.kind() == Kind.STALL && fault.concerns(call.worker()) && overlap(call.end(),
					call.end() + CHECKPOINT_AGE.toNanos() + stalled, fault.start(), fault.end())) {
				stalled += fault.end() - fault.start();
			}
		}
		return stalled;
	}

	/**
	 * Why two nodes handled the same key at the same time.
	 * @param first the call that began first
	 * @param second one that began before that ended
	 * @param prepared how many calls may begin after a pause
	 */
	@Nullable Kind ofOverlap(Call first, Call second, int prepared) {
		for (Fault fault : this.faults) {
			boolean inDanger = isStandstill(fault) || CUT_OFF.contains(fault.kind());
			long until = isStandstill(fault) ? fault.end() : recovered(fault);
			// the first lost its lease while it was in the middle
			if (inDanger && fault.concerns(first.worker())
					&& overlap(first.start(), second.start(), fault.start(), until)) {
				return fault.kind();
			}
		}
		return (isRace(first, prepared) || isRace(second, prepared)) ? Kind.PAUSE : null;
	}

	/**
	 * Whether it is one of the calls that may begin after a pause. The node may go on a
	 * moment before whoever lets it go on writes that down.
	 */
	private boolean isRace(Call call, int prepared) {
		for (Fault fault : this.faults) {
			if (isStandstill(fault) && fault.concerns(call.worker()) && call.start() - fault.start() >= 0
					&& ranSince(fault, call) < RACE.toNanos()) {
				Race race = new Race(fault, call.subscriber());
				if (this.races.merge(race, 1, Integer::sum) <= prepared) {
					return true;
				}
			}
		}
		return false;
	}

	/** Whether a node that had stood still may have begun it without a right to it. */
	boolean isAfterStandstill(Call call) {
		return this.faults.stream()
			.anyMatch((fault) -> isStandstill(fault) && fault.concerns(call.worker())
					&& call.start() - fault.start() >= 0 && ranSince(fault, call) < RACE.toNanos());
	}

	/** For how long a node had run since a standstill: it may have been stopped again. */
	private long ranSince(Fault standstill, Call call) {
		long ran = call.start() - standstill.end();
		for (Fault fault : this.faults) {
			if (PAUSES.contains(fault.kind()) && fault.concerns(call.worker()) && fault.start() - standstill.end() >= 0
					&& call.start() - fault.start() > 0) {
				ran -= Math.min(fault.end() - fault.start(), call.start() - fault.start());
			}
		}
		return ran;
	}

	private static boolean isStandstill(Fault fault) {
		return fault.kind() == Kind.PAUSE
				|| fault.kind() == Kind.STALL && fault.end() - fault.start() > LEASE_IN_DANGER.toNanos();
	}

	private static boolean overlap(long start, long end, long otherStart, long otherEnd) {
		return start - otherEnd <= 0 && otherStart - end <= 0;
	}

	/** How many repetitions each kind of fault has explained. */
	Map<Kind, Integer> used() {
		return this.used;
	}

	/** The longest time from a call to the kill that made it be repeated. */
	Duration oldestRepeated() {
		return Duration.ofNanos(this.oldestRepeated);
	}

	private record Race(Fault pause, String subscriber) {

	}

}
