package dev.events.test.store;

import java.time.Duration;

import dev.events.store.EventStore;

/**
 * A store for one test, empty at first.
 */
public interface StoreFixture extends AutoCloseable {

	/** The store; always the same one. */
	EventStore store();

	/**
	 * Lets at least so much of the store's time pass, at most a few seconds, before it
	 * returns. A store may really wait, or move the ends of leases, due times of
	 * deliveries, scheduled events and processes, ends of leads and last heartbeats into
	 * the past, but not the times of failures and first heartbeats.
	 */
	void advance(Duration duration);

	/**
	 * How long a test waits for what the store does in the background before it fails.
	 */
	default Duration patience() {
		return Duration.ofSeconds(10);
	}

	/** Gives up what the fixture holds. Does nothing by default. */
	@Override
	default void close() {
	}

}
