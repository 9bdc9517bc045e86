package dev.events;

import org.jspecify.annotations.Nullable;

/**
 * Makes what an {@link Aggregation} publishes when a window ends.
 *
 * @param <A> class of what was gathered
 * @param <R> class of the result
 */
@FunctionalInterface
public interface AggregationResult<A, R> {

	/**
	 * Makes the data of the event. Must have no other effects: it may be called again for
	 * the same window, when another node was faster.
	 * @param gathered what was gathered
	 * @param window the window
	 * @return data of the event, or {@code null} to publish none
	 * @throws Exception when it does not succeed; it is tried again until it does
	 */
	@Nullable R of(A gathered, AggregationWindow window) throws Exception;

}
