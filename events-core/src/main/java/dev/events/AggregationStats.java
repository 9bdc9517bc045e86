package dev.events;

/**
 * What there is of one aggregation.
 *
 * @param aggregation its name
 * @param registered whether this node has the definition; if no node has it, its windows
 * stay as they are
 * @param open windows that are open, in the whole store, as are the next two; a few
 * seconds old
 * @param failed windows that have ended and whose result could not be published yet
 * @param remembered keys without an open window whose handled events are still known
 * @param opened windows that this node has opened since it runs, as all that follows
 * @param ended windows that it has ended
 * @param events events that it has added to windows
 * @param duplicates events that had been added before
 * @param conflicts how often something was done anew because somebody else was faster
 * @param ignored events without a key, and results of the aggregation itself
 * @param erased windows given up because their data subject was forgotten
 */
public record AggregationStats(String aggregation, boolean registered, long open, long failed, long remembered,
		long opened, long ended, long events, long duplicates, long conflicts, long ignored, long erased) {

}
