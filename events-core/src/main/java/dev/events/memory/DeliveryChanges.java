package dev.events.memory;

import java.time.Instant;
import java.util.List;
import java.util.UUID;

import dev.events.store.DeliveryChange;
import dev.events.store.DeliveryStatus;
import dev.events.store.EventRecord;
import dev.events.store.PartitionId;
import dev.events.store.StoredDelivery;
import org.jspecify.annotations.Nullable;

/**
 * What the changes of a checkpoint do to the stored deliveries.
 */
final class DeliveryChanges {

	private final DeliveryTable table;

	DeliveryChanges(DeliveryTable table) {
		this.table = table;
	}

	void apply(PartitionId partition, List<DeliveryChange> changes, Instant now) {
		changes.forEach((change) -> apply(partition, change, now));
	}

	private void apply(PartitionId partition, DeliveryChange change, Instant now) {
		DeliveryRow row = this.table.find(partition.subscription(), change.position());
		if (change instanceof DeliveryChange.Park park) {
			put(partition, row, park.id(), park.event(), park.position(), DeliveryStatus.PARKED, park.attempts(), false,
					park.failure(), now, now.plus(park.retryIn()), park.replay());
		}
		else if (change instanceof DeliveryChange.Bury bury) {
			put(partition, row, bury.id(), bury.event(), bury.position(), DeliveryStatus.DEAD, bury.attempts(),
					bury.holding(), bury.failure(), now, now, bury.replay());
		}
		else if (change instanceof DeliveryChange.Queue queue) {
			queue(partition, row, queue, now);
		}
		else if (change instanceof DeliveryChange.Defer && row != null && row.is(DeliveryStatus.PARKED)) {
			this.table.put(row.deferred());
		}
		else if (change instanceof DeliveryChange.Complete && row != null) {
			this.table.remove(row);
		}
		else if (change instanceof DeliveryChange.Release && row != null) {
			release(row);
		}
	}

	private void queue(PartitionId partition, @Nullable DeliveryRow row, DeliveryChange.Queue queue, Instant now) {
		if (row == null) {
			this.table.put(new DeliveryRow(new StoredDelivery(queue.id(), partition, queue.position(), queue.event(),
					DeliveryStatus.QUEUED, 0, false, null, null, null, queue.replay()), now, false));
		}
		else if (row.delivery().replay() && !queue.replay()) {
			this.table.put(row.live());
		}
	}

	private void put(PartitionId partition, @Nullable DeliveryRow row, UUID id, EventRecord event, long position,
			DeliveryStatus status, int attempts, boolean holding, DeliveryChange.Failure failure, Instant now,
			Instant dueAt, boolean replay) {
		StoredDelivery old = (row != null) ? row.delivery() : null;
		Instant firstFailedAt = (old != null && old.firstFailedAt() != null) ? old.firstFailedAt() : now;
		this.table.put(new DeliveryRow(new StoredDelivery((old != null) ? old.id() : id, partition, position,
				(old != null) ? old.event() : event, status, attempts, holding, firstFailedAt, now, failure,
				replay && (old == null || old.replay())), dueAt, false));
	}

	private void release(DeliveryRow row) {
		if (row.is(DeliveryStatus.RELEASED) && row.discarded()) {
			this.table.remove(row);
		}
		else if (row.is(DeliveryStatus.RELEASED) || row.is(DeliveryStatus.DEAD)) {
			this.table.put(row.letGo());
		}
	}

}
