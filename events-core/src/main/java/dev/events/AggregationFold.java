package dev.events;

/**
 * Adds an event to what an {@link Aggregation} has gathered.
 *
 * @param <A> class of what is gathered
 * @param <T> class of the event's data
 */
@FunctionalInterface
public interface AggregationFold<A, T> {

	/**
	 * Adds an event. Must have no other effects: it may be called again with the same
	 * event, when another node was faster or the window has to end in front of it.
	 * @param gathered what was gathered so far
	 * @param event the event
	 * @return what is gathered now; may be the same object, changed
	 * @throws Exception when it does not succeed; the event is tried again later
	 */
	A add(A gathered, Event<T> event) throws Exception;

}
