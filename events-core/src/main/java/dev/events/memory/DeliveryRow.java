package dev.events.memory;

import java.time.Instant;
import java.util.UUID;

import dev.events.DeadLetters;
import dev.events.store.DeliveryStatus;
import dev.events.store.EventRecord;
import dev.events.store.PartitionId;
import dev.events.store.StoredDelivery;
import org.jspecify.annotations.Nullable;

/**
 * A stored delivery with what only the store has to know.
 *
 * @param delivery what readers see
 * @param dueAt when there is something to do about it, if it is parked or released
 * @param discarded whether, being released, it is to be deleted
 */
record DeliveryRow(StoredDelivery delivery, Instant dueAt, boolean discarded) {

	UUID id() {
		return this.delivery.id();
	}

	PartitionId partition() {
		return this.delivery.partition();
	}

	long position() {
		return this.delivery.position();
	}

	@Nullable String key() {
		return this.delivery.event().key();
	}

	boolean is(DeliveryStatus status) {
		return this.delivery.status() == status;
	}

	/** Whether the owner of the partition has something to do about it, by time. */
	boolean isScheduled() {
		return is(DeliveryStatus.PARKED) || is(DeliveryStatus.RELEASED);
	}

	/** Whether operators see it: also while it lets its key go after it was skipped. */
	boolean isDeadLetter() {
		return is(DeliveryStatus.DEAD) || is(DeliveryStatus.RELEASED) && !this.discarded;
	}

	/** Whether what is queued behind its key has to wait. */
	boolean blocks() {
		return isScheduled() || this.delivery.holding();
	}

	boolean matches(DeadLetters.Filter filter) {
		return (filter.subscription() == null || filter.subscription().equals(partition().subscription()))
				&& (filter.type() == null || filter.type().matches(this.delivery.event().type()));
	}

	DeliveryRow withPartition(PartitionId partition) {
		StoredDelivery d = this.delivery;
		return new DeliveryRow(new StoredDelivery(d.id(), partition, d.position(), d.event(), d.status(), d.attempts(),
				d.holding(), d.firstFailedAt(), d.lastFailedAt(), d.failure(), d.replay()), this.dueAt, this.discarded);
	}

	DeliveryRow released(Instant now, boolean discarded) {
		return withStatus(DeliveryStatus.RELEASED, this.delivery.attempts(), true, this.delivery.event(), now,
				discarded);
	}

	DeliveryRow retried(Instant now, @Nullable String data) {
		EventRecord event = this.delivery.event();
		return withStatus(DeliveryStatus.PARKED, 0, false, (data != null) ? event.withData(data) : event, now, false);
	}

	/** Dead, and no longer holding its key. */
	DeliveryRow letGo() {
		return withStatus(DeliveryStatus.DEAD, this.delivery.attempts(), false, this.delivery.event(), this.dueAt,
				false);
	}

	/** Waiting for its turn, with its attempts as they are. */
	DeliveryRow deferred() {
		return withStatus(DeliveryStatus.QUEUED, this.delivery.attempts(), false, this.delivery.event(), this.dueAt,
				false);
	}

	/** The same, but not of a replay. */
	DeliveryRow live() {
		StoredDelivery d = this.delivery;
		return new DeliveryRow(
				new StoredDelivery(d.id(), d.partition(), d.position(), d.event(), d.status(), d.attempts(),
						d.holding(), d.firstFailedAt(), d.lastFailedAt(), d.failure(), false),
				this.dueAt, this.discarded);
	}

	private DeliveryRow withStatus(DeliveryStatus status, int attempts, boolean holding, EventRecord event,
			Instant dueAt, boolean discarded) {
		StoredDelivery d = this.delivery;
		return new DeliveryRow(new StoredDelivery(d.id(), d.partition(), d.position(), event, status, attempts, holding,
				d.firstFailedAt(), d.lastFailedAt(), d.failure(), d.replay()), dueAt, discarded);
	}

}
