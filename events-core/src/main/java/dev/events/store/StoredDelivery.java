package dev.events.store;

import java.time.Instant;
import java.util.UUID;

import org.jspecify.annotations.Nullable;

/**
 * A delivery that did not succeed at once.
 *
 * @param id unique id
 * @param partition subscription and partition
 * @param position position of the event
 * @param event the event, with the edited data if it was edited
 * @param status its state
 * @param attempts failed attempts so far
 * @param holding whether, being dead, it holds back later events of its key
 * @param firstFailedAt when it first failed, by the store's clock; {@code null} if never
 * @param lastFailedAt when it last failed; {@code null} if never
 * @param failure the last failure; {@code null} if there was none
 * @param replay whether it is of a replay
 */
public record StoredDelivery(UUID id, PartitionId partition, long position, EventRecord event, DeliveryStatus status,
		int attempts, boolean holding, @Nullable Instant firstFailedAt, @Nullable Instant lastFailedAt,
		DeliveryChange.@Nullable Failure failure, boolean replay) {

	/** Not of a replay. */
	public StoredDelivery(UUID id, PartitionId partition, long position, EventRecord event, DeliveryStatus status,
			int attempts, boolean holding, @Nullable Instant firstFailedAt, @Nullable Instant lastFailedAt,
			DeliveryChange.@Nullable Failure failure) {
		this(id, partition, position, event, status, attempts, holding, firstFailedAt, lastFailedAt, failure, false);
	}

}
