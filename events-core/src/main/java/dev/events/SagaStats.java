package dev.events;

import java.util.Map;

/**
 * What there is of one kind of saga.
 *
 * @param saga name of the definition
 * @param registered whether this node has the definition; if no node has it, its sagas
 * stay as they are
 * @param sagas how many the store has, by status; a few seconds old
 * @param started how many this node has started since it runs, as all that follows
 * @param completed how many it has completed
 * @param compensated how many it has compensated
 * @param timeouts how many timeouts have taken effect
 * @param conflicts how often a step was made anew because another one was faster
 * @param duplicates events that were handled before
 * @param late events of sagas that have ended
 * @param ignored events that were not for a saga: without a key, for one that does not
 * exist where that is {@linkplain Saga.Builder#ignoreUnknown() ignored}, or for the start
 * of one that exists
 */
public record SagaStats(String saga, boolean registered, Map<SagaInfo.Status, Long> sagas, long started, long completed,
		long compensated, long timeouts, long conflicts, long duplicates, long late, long ignored) {

	public SagaStats {
		sagas = Map.copyOf(sagas);
	}

}
