package dev.events;

/**
 * Collects items and emits them as one event of many: when there are as many as the
 * {@link BatchOptions} say, or the first of them has waited so long. For what comes often
 * and of which a single one matters little, as page views. Thread-safe; of one thread,
 * items stay in the order in which it adds them.
 *
 * <pre>{@code
 * BatchEmitter<PageView> views = events.batch("analytics.views", BatchOptions.size(50).interval(Duration.ofSeconds(5)));
 * views.add(new PageView("/"));
 * }</pre>
 *
 * <strong>Items wait in memory: when the process dies, those that wait are lost, at most
 * {@link BatchOptions#capacity()} and usually those of one interval.</strong> They take
 * part in no transaction. Where each one matters, publish each as an event, in the
 * transaction, and let the <em>subscriber</em> collect: a handler that takes a
 * {@code List} of events, see {@link EventSubscriber#batchSize()}.
 * <p>
 * While the store does not take the event, items wait, and with the capacity used up
 * those who add more. An event that was perhaps stored is published again under the same
 * id, and so once. Of items that can never be published, because they cannot be written
 * as JSON, are too large or are refused, the others are emitted and these are logged and
 * counted as lost, see {@link EventStats#batches()}.
 *
 * @param <T> type of the items
 */
public interface BatchEmitter<T> extends AutoCloseable {

	/**
	 * Adds an item. It is written as JSON later: it must not be changed any more.
	 * @param item anything that Jackson can write as JSON
	 * @throws IllegalStateException when the emitter is closed, also while this waits for
	 * room
	 * @throws EventException when the thread is interrupted while it waits for room; the
	 * item was not added, and the thread stays interrupted
	 */
	void add(T item);

	/**
	 * Emits what waits, for the time that the bus may take to stop, and takes nothing
	 * more. What cannot be emitted then is logged and counted as lost. The bus does so
	 * with all its emitters when it is closed.
	 */
	@Override
	void close();

}
