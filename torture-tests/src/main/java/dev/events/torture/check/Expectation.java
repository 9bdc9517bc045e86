package dev.events.torture.check;

import java.util.UUID;
import java.util.function.Predicate;

/**
 * What is expected of a subscription.
 *
 * @param id id of the subscription
 * @param partitions number of its partitions
 * @param batchSize how many events its handler takes at once; each is taken for a call
 * @param maxAttempts attempts before an event is given up
 * @param deadLetters whether events may remain dead letters at the end; if not, an
 * operator has tried them again
 * @param transactional whether what it does in the database happens exactly once
 * @param received which events it receives
 * @param hopeless ids of events that are given up at the first attempt
 */
public record Expectation(String id, int partitions, int batchSize, int maxAttempts, boolean deadLetters,
		boolean transactional, Predicate<Published> received, Predicate<UUID> hopeless) {

	/** How many calls a node can have prepared, one of the handler for each partition. */
	int prepared() {
		return this.partitions * this.batchSize;
	}

	boolean receives(Published event) {
		return this.received.test(event);
	}

	boolean givesUpAtOnce(UUID event) {
		return this.hopeless.test(event);
	}

}
