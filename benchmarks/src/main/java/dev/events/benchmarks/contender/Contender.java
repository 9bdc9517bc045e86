package dev.events.benchmarks.contender;

import java.util.List;
import java.util.concurrent.CompletableFuture;

/**
 * One running node of a system that is measured. Thread-safe.
 */
public interface Contender extends AutoCloseable {

	/** Publishes one event in a transaction of its own. */
	void publish(Order order);

	/** Publishes events in one transaction, as the system likes it best. */
	void publishAll(List<Order> orders);

	/**
	 * Publishes without waiting for the commit, where the system knows such a thing.
	 * @return completes when the event is durable
	 */
	default CompletableFuture<?> publishAsync(Order order) {
		throw new UnsupportedOperationException(getClass().getSimpleName());
	}

	/**
	 * Delivers everything again to the one subscriber, where the system knows such a
	 * thing; returns when that has begun.
	 */
	default void replay() {
		throw new UnsupportedOperationException(getClass().getSimpleName());
	}

	/**
	 * Has all events posted to a URL, where the system knows such a thing; called first
	 * with {@code false}, so that they wait, and then with {@code true}.
	 * @param active whether they are posted
	 */
	default void webhook(String url, boolean active) {
		throw new UnsupportedOperationException(getClass().getSimpleName());
	}

	/** Stops the node. */
	@Override
	void close();

}
