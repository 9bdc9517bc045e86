package dev.events.torture.check;

import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;

/**
 * All that is known of a run.
 *
 * @param published what was committed: from the table that publishers wrote in the same
 * transaction, or where there is none, what they had begun to publish and is in the log
 * @param outcomes what publishers heard of the end of their transactions or appends, for
 * each event
 * @param buffered what publishers outside a transaction heard of their events
 * @param log ids of the events in the log at the end, in its order
 * @param appends what was published outside transactions, except for what was buffered
 * @param dead ids of the events that are dead letters at the end, by subscription
 * @param calls all calls of handlers
 * @param effects what transactional subscribers did
 * @param replays replays that were begun
 * @param faults what went wrong
 */
public record History(Map<UUID, Published> published, Map<UUID, Ending> outcomes, Map<UUID, Ending> buffered,
		List<UUID> log, List<Append> appends, Map<String, Set<UUID>> dead, List<Call> calls, List<Effect> effects,
		List<BegunReplay> replays, List<Fault> faults) {

	/**
	 * Whether the order of events in their keys is that of the log, not of numbers.
	 */
	boolean isOrderedByLog() {
		return !this.appends.isEmpty();
	}

	/**
	 * What a publisher heard.
	 */
	public enum Ending {

		/** It was committed. */
		COMMITTED,

		/** It was rolled back. */
		ROLLED_BACK,

		/** It was not taken, and cannot have been stored. */
		REFUSED,

		/** So it was, by going back to a savepoint. */
		UNDONE,

		/** The connection broke at the commit, or nothing was heard of it. */
		UNKNOWN,

		/** It was said to have been there before, which cannot be. */
		DOUBTED

	}

}
