package dev.events.jdbc;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;

import dev.events.store.Checkpoint;
import dev.events.store.DeliveryChange;
import dev.events.store.DeliveryChange.Failure;
import dev.events.store.EventRecord;
import dev.events.store.PartitionId;
import org.jspecify.annotations.Nullable;

/**
 * Writes what became of deliveries, in batches by kind. Of several changes to one
 * delivery in one checkpoint only the last is written: each kind replaces the ones
 * before.
 */
final class DeliveryWriter {

	private final String upsert;

	private final String queue;

	private final String complete;

	private final String releaseDiscarded;

	private final String release;

	DeliveryWriter(Tables tables, Dialect dialect) {
		String delivery = " where subscription_id = ? and position = ?";
		this.upsert = dialect.upsertDelivery(tables);
		this.queue = dialect.insertDelivery(tables);
		this.complete = "delete from " + tables.deliveries() + delivery;
		this.releaseDiscarded = this.complete + " and status = 'RELEASED' and discarded";
		this.release = "update " + tables.deliveries() + " set status = 'DEAD', holding = false, due_at = null"
				+ delivery + " and status in ('RELEASED', 'DEAD')";
	}

	void write(Connection connection, List<Checkpoint> checkpoints) throws SQLException {
		List<@Nullable Object[]> upserts = new ArrayList<>();
		List<@Nullable Object[]> queued = new ArrayList<>();
		List<@Nullable Object[]> completed = new ArrayList<>();
		List<@Nullable Object[]> released = new ArrayList<>();
		for (Checkpoint checkpoint : checkpoints) {
			PartitionId partition = checkpoint.lease().partition();
			for (DeliveryChange change : last(checkpoint.changes())) {
				@Nullable Object[] key = { partition.subscription(), change.position() };
				if (change instanceof DeliveryChange.Park park) {
					upserts.add(upsert(partition, park.id(), park.event(), park.position(), "PARKED", park.attempts(),
							park.retryIn().toMillis(), false, park.failure()));
				}
				else if (change instanceof DeliveryChange.Bury bury) {
					upserts.add(upsert(partition, bury.id(), bury.event(), bury.position(), "DEAD", bury.attempts(),
							null, bury.holding(), bury.failure()));
				}
				else if (change instanceof DeliveryChange.Queue queue) {
					queued.add(row(partition, queue.id(), queue.event(), queue.position()).toArray());
				}
				else if (change instanceof DeliveryChange.Complete) {
					completed.add(key);
				}
				else {
					released.add(key);
				}
			}
		}
		Sql.batch(connection, this.upsert, upserts);
		Sql.batch(connection, this.queue, queued);
		Sql.batch(connection, this.complete, completed);
		Sql.batch(connection, this.releaseDiscarded, released);
		Sql.batch(connection, this.release, released);
	}

	private static Collection<DeliveryChange> last(List<DeliveryChange> changes) {
		Map<Long, DeliveryChange> last = new LinkedHashMap<>();
		for (DeliveryChange change : changes) {
			// queueing what is there already changes nothing
			if (!(change instanceof DeliveryChange.Queue && last.containsKey(change.position()))) {
				last.put(change.position(), change);
			}
		}
		return last.values();
	}

	private static @Nullable Object[] upsert(PartitionId partition, UUID id, EventRecord event, long position,
			String status, int attempts, @Nullable Long dueInMillis, boolean holding, Failure failure) {
		List<@Nullable Object> row = row(partition, id, event, position);
		row.add(status);
		row.add(attempts);
		row.add(dueInMillis);
		row.add(holding);
		row.add(failure.type());
		row.add(failure.message());
		row.add(failure.stack());
		return row.toArray();
	}

	private static List<@Nullable Object> row(PartitionId partition, UUID id, EventRecord event, long position) {
		List<@Nullable Object> row = new ArrayList<>();
		row.add(id);
		for (Object value : EventRows.values(event)) {
			row.add(value);
		}
		row.add(partition.subscription());
		row.add(position);
		row.add(partition.partition());
		row.add(PartitionId.hash(event));
		return row;
	}

}
