package dev.events.store;

import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

import dev.events.DeadLetters;
import org.jspecify.annotations.Nullable;

/**
 * Deliveries that did not succeed at once. The owners of partitions change them through
 * {@link Cursors#checkpoint}; what is here are reads, and what operators do to dead
 * letters.
 */
public interface Deliveries {

	/**
	 * What is to be done now, by the store's clock, in the given partitions: parked ones
	 * that are due and released ones, earliest due first.
	 */
	List<StoredDelivery> due(Collection<PartitionId> partitions, int limit);

	/**
	 * What is queued in a partition behind a key, in position order; nothing while a delivery
	 * of that key is parked, released, or dead and holding.
	 */
	KeyQueue queued(PartitionId partition, String key, int limit);

	/** What the owner of a partition has to know, given where its cursor stands. */
	ParkedState parkedState(PartitionId partition, long position);

	/** Dead letters (not released ones), by id, which is by age. */
	List<StoredDelivery> deadLetters(DeadLetters.Filter filter, @Nullable UUID after, int limit);

	/** A dead letter. */
	Optional<StoredDelivery> findDeadLetter(UUID id);

	/** How many dead letters match. */
	long countDeadLetters(DeadLetters.Filter filter);

	/**
	 * Parks dead letters again, due at once, with no attempts counted.
	 * @return how many
	 */
	int retry(DeadLetters.Filter filter);

	/**
	 * Parks one dead letter again, due at once, with no attempts counted.
	 * @param data JSON text to deliver instead of the stored event's, or {@code null}
	 * @return whether there was such a dead letter
	 */
	boolean retry(UUID id, @Nullable String data);

	/**
	 * Releases the key of a dead letter that holds it, keeping the dead letter.
	 * @return whether there was such a dead letter
	 */
	boolean skip(UUID id);

	/**
	 * Deletes a dead letter; one that holds its key becomes
	 * {@link DeliveryStatus#RELEASED} first and no longer counts as a dead letter.
	 * @return whether there was such a dead letter
	 */
	boolean discard(UUID id);

	/**
	 * Discards all that match.
	 * @return how many
	 */
	int discard(DeadLetters.Filter filter);

	/** Counts for each subscription that has any. */
	List<DeliveryCounts> counts();

}
