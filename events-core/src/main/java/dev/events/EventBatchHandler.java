package dev.events;

import java.util.List;

/**
 * Handles several events at once.
 *
 * <pre class="code">
 * events.subscribe(Subscriber.to(OrderPlaced.class).id("search-index").batch(200)
 *     .batchHandler(batch -&gt; index.addAll(batch)));
 * </pre>
 *
 * @param <T> type of the data
 */
@FunctionalInterface
public interface EventBatchHandler<T> {

	/**
	 * Handles the events of one partition that come next. Returning normally means that
	 * all of them are done.
	 * @param events one or more events, in order, of different keys and types
	 * @throws Exception when it did not succeed: each event of the batch has failed once,
	 * and is tried again later in a batch of its own, so that one bad event does not take
	 * others with it
	 */
	void handle(List<Event<T>> events) throws Exception;

	/**
	 * As {@link #handle(List)}, which this calls, for handlers that want to know how the
	 * events come to them: all of them live, or all in a replay.
	 * @param delivery valid during the call only
	 */
	default void handle(List<Event<T>> events, Delivery delivery) throws Exception {
		handle(events);
	}

}
