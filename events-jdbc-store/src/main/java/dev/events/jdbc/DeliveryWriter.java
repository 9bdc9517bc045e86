package dev.events.jdbc;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;

import dev.events.store.Checkpoint;
import dev.events.store.DeliveryChange;
import dev.events.store.DeliveryChange.Failure;
import dev.events.store.EventRecord;
import dev.events.store.PartitionId;
import org.jspecify.annotations.Nullable;

/**
 * Writes what became of deliveries, in batches by kind: changes of different deliveries
 * do not depend on each other. Several changes of one delivery go into rounds that follow
 * one another. Rows are locked and written in the same order as by everybody else, so
 * that nobody runs into a deadlock.
 */
final class DeliveryWriter {

	private static final Comparator<Change> ORDER = Comparator
		.comparing((Change change) -> change.partition().subscription())
		.thenComparingLong((change) -> change.change().position());

	// that of the column
	private static final int MAX_ERROR_TYPE = 1000;

	private final String lock;

	private final String upsert;

	private final String queue;

	private final String complete;

	private final String defer;

	private final String releaseDiscarded;

	private final String release;

	DeliveryWriter(Tables tables, Dialect dialect) {
		String delivery = " where subscription_id = ? and position = ?";
		this.lock = new DeliverySql(tables, dialect).lock();
		this.upsert = dialect.upsertDelivery(tables);
		this.queue = dialect.insertDelivery(tables);
		this.complete = "delete from " + tables.deliveries() + delivery;
		this.defer = "update " + tables.deliveries() + " set status = 'QUEUED', due_at = null" + delivery
				+ " and status = 'PARKED'";
		this.releaseDiscarded = this.complete + " and status = 'RELEASED' and discarded";
		this.release = "update " + tables.deliveries() + " set status = 'DEAD', holding = false, due_at = null"
				+ delivery + " and status in ('RELEASED', 'DEAD')";
	}

	void write(Connection connection, List<Checkpoint> checkpoints) throws SQLException {
		lock(connection, checkpoints);
		for (List<Change> round : rounds(checkpoints)) {
			round.sort(ORDER);
			write(connection, round, DeliveryChange.Complete.class, this.complete);
			write(connection, round, DeliveryChange.Park.class, this.upsert);
			write(connection, round, DeliveryChange.Bury.class, this.upsert);
			write(connection, round, DeliveryChange.Queue.class, this.queue);
			write(connection, round, DeliveryChange.Defer.class, this.defer);
			write(connection, round, DeliveryChange.Release.class, this.releaseDiscarded);
			write(connection, round, DeliveryChange.Release.class, this.release);
		}
	}

	/** Locks the rows that are there already, in the order in which everybody does. */
	private void lock(Connection connection, List<Checkpoint> checkpoints) throws SQLException {
		Set<DeliveryKey> deliveries = new HashSet<>();
		for (Checkpoint checkpoint : checkpoints) {
			for (DeliveryChange change : checkpoint.changes()) {
				deliveries.add(new DeliveryKey(checkpoint.lease().partition().subscription(), change.position()));
			}
		}
		if (deliveries.size() > 1) {
			Sql.query(connection, this.lock, (rows) -> rows.getLong(1), DeliveryKey.arrays(connection, deliveries));
		}
	}

	private static void write(Connection connection, List<Change> round, Class<?> kind, String sql)
			throws SQLException {
		List<@Nullable Object[]> rows = new ArrayList<>();
		for (Change change : round) {
			if (kind.isInstance(change.change())) {
				rows.add(parameters(change.partition(), change.change()));
			}
		}
		Sql.batch(connection, sql, rows);
	}

	private static @Nullable Object[] parameters(PartitionId partition, DeliveryChange change) {
		if (change instanceof DeliveryChange.Park park) {
			return upsert(partition, park.id(), park.event(), park.position(), "PARKED", park.attempts(),
					park.retryIn().toMillis(), false, park.failure(), park.replay());
		}
		if (change instanceof DeliveryChange.Bury bury) {
			return upsert(partition, bury.id(), bury.event(), bury.position(), "DEAD", bury.attempts(), null,
					bury.holding(), bury.failure(), bury.replay());
		}
		if (change instanceof DeliveryChange.Queue queue) {
			List<@Nullable Object> row = row(partition, queue.id(), queue.event(), queue.position());
			row.add(queue.replay());
			return row.toArray();
		}
		return new @Nullable Object[] { partition.subscription(), change.position() };
	}

	/** In each round a delivery is changed at most once. */
	private static List<List<Change>> rounds(List<Checkpoint> checkpoints) {
		List<List<Change>> rounds = new ArrayList<>();
		Map<DeliveryKey, Integer> changesSoFar = new HashMap<>();
		for (Checkpoint checkpoint : checkpoints) {
			PartitionId partition = checkpoint.lease().partition();
			for (DeliveryChange change : checkpoint.changes()) {
				DeliveryKey delivery = new DeliveryKey(partition.subscription(), change.position());
				int round = changesSoFar.merge(delivery, 1, Integer::sum) - 1;
				if (round == rounds.size()) {
					rounds.add(new ArrayList<>());
				}
				rounds.get(round).add(new Change(partition, change));
			}
		}
		return rounds;
	}

	private static @Nullable Object[] upsert(PartitionId partition, UUID id, EventRecord event, long position,
			String status, int attempts, @Nullable Long dueInMillis, boolean holding, Failure failure, boolean replay) {
		List<@Nullable Object> row = row(partition, id, event, position);
		row.add(status);
		row.add(attempts);
		row.add(dueInMillis);
		row.add(holding);
		row.add(storable(failure.type(), MAX_ERROR_TYPE));
		row.add(storable(failure.message(), Integer.MAX_VALUE));
		row.add(storable(failure.stack(), Integer.MAX_VALUE));
		row.add(replay);
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

	/**
	 * A text without what the database would refuse: the error of a handler must not keep
	 * a checkpoint from being written.
	 */
	private static @Nullable String storable(@Nullable String text, int maxLength) {
		if (text == null) {
			return null;
		}
		String storable = text.replace('\0', '\uFFFD');
		return (storable.length() > maxLength) ? storable.substring(0, maxLength) : storable;
	}

	/**
	 * A change with the partition it is in.
	 */
	private record Change(PartitionId partition, DeliveryChange change) {

	}

}
