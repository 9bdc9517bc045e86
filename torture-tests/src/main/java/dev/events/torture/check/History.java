package dev.events.torture.check;

import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;

/**
 * All that is known of a run.
 *
 * @param published what was committed, from the table that publishers wrote in the same
 * transaction
 * @param outcomes what publishers heard of the end of their transactions, for each event
 * @param buffered what publishers outside a transaction heard of their events
 * @param stored ids of the events in the log at the end
 * @param dead ids of the events that are dead letters at the end, by subscription
 * @param calls all calls of handlers
 * @param effects what transactional subscribers did
 * @param faults what went wrong
 */
public record History(Map<UUID, Published> published, Map<UUID, Ending> outcomes, Map<UUID, Ending> buffered,
		Set<UUID> stored, Map<String, Set<UUID>> dead, List<Call> calls, List<Effect> effects, List<Fault> faults) {

	/**
	 * What a publisher heard.
	 */
	public enum Ending {

		/** It was committed. */
		COMMITTED,

		/** It was not, and cannot have been. */
		ROLLED_BACK,

		/** So it was, by going back to a savepoint. */
		UNDONE,

		/** The connection broke at the commit, or nothing was heard of it. */
		UNKNOWN

	}

}
