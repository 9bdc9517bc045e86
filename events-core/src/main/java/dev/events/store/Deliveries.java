package dev.events.store;

import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
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
	 * that are due and released ones, earliest due first; of one partition and the same
	 * time, in position order. Released ones are due from their release on. One with a
	 * live delivery (see {@link ParkedState}) of the same key and partition at a lower
	 * position is left out until that one is gone: the order of a key is the order of
	 * positions.
	 */
	List<StoredDelivery> due(Collection<PartitionId> partitions, int limit);

	/**
	 * What is queued in a partition behind a key, in position order, as far as nothing of
	 * that key that is parked, released, or dead and holding lies in front of it.
	 */
	KeyQueue queued(PartitionId partition, String key, int limit);

	/** What the owner of a partition has to know, given where its cursor stands. */
	ParkedState parkedState(PartitionId partition, long position);

	/**
	 * Dead letters, by id, which is by age. One that was skipped is a dead letter all the
	 * time, also while it is {@link DeliveryStatus#RELEASED}; one that was discarded is
	 * none from then on. The same holds for all that follows here.
	 * @param after only those with a greater id, or {@code null}
	 */
	List<StoredDelivery> deadLetters(DeadLetters.Filter filter, @Nullable UUID after, int limit);

	/** A dead letter; empty for a delivery in any other state. */
	Optional<StoredDelivery> findDeadLetter(UUID id);

	/** How many dead letters match. */
	long countDeadLetters(DeadLetters.Filter filter);

	/**
	 * Parks dead letters again, due at once, with no attempts counted. What is known of
	 * their failures stays.
	 * @return how many
	 */
	int retry(DeadLetters.Filter filter);

	/**
	 * Parks one dead letter again, due at once, with no attempts counted. What is known
	 * of its failures stays.
	 * @param data JSON text to deliver from now on instead of the present one, or
	 * {@code null} to leave it, edited before or not; the event in the log stays as it is
	 * @return whether there was such a dead letter
	 */
	boolean retry(UUID id, @Nullable String data);

	/**
	 * Releases the key of a dead letter that holds it, keeping the dead letter: it is
	 * {@link DeliveryStatus#RELEASED} until the owner of the partition has let the key
	 * go. One that does not hold its key, or is released already, stays as it is.
	 * @return whether there was a dead letter with this id, holding its key or not
	 */
	boolean skip(UUID id);

	/**
	 * Deletes a dead letter; one that holds its key becomes (or, if it was skipped, is)
	 * {@link DeliveryStatus#RELEASED} first and no longer counts as a dead letter.
	 * @return whether there was such a dead letter
	 */
	boolean discard(UUID id);

	/**
	 * Discards all that match, each as {@link #discard(UUID)} does.
	 * @return how many
	 */
	int discard(DeadLetters.Filter filter);

	/**
	 * Those of the positions at which a delivery of the subscription is stored, in
	 * whatever state. One behind the cursor of its partition at which none is stored is
	 * done for good: none will be stored there, unless the cursor is moved back.
	 */
	Set<Long> stored(String subscription, Collection<Long> positions);

	/** Counts for each subscription that has any. */
	List<DeliveryCounts> counts();

}
