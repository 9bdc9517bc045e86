package dev.events.jdbc;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.UUID;

import dev.events.store.Checkpoint;
import dev.events.store.FormerPartitions;
import dev.events.store.ReplayProgress;
import dev.events.store.ReplayRecord;
import dev.events.store.Replays;
import org.jspecify.annotations.Nullable;

/**
 * Statements on replays, for whoever has a transaction.
 */
final class ReplaySql {

	private static final String ACTIVE = "state in ('RUNNING', 'PAUSED')";

	private final Tables tables;

	private final String select;

	private final String insert;

	private final String insertProgress;

	private final String save;

	private final String finishedToKeep;

	ReplaySql(Tables tables, Dialect dialect) {
		this.tables = tables;
		this.select = ReplayRows.select(tables, dialect);
		this.insert = "insert into " + tables.replays() + " (" + ReplayRows.COLUMNS
				+ ", state, finished_at) values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ";
		this.insertProgress = "insert into " + tables.replayProgress()
				+ " (replay_id, partition_no, position, handled, failed) values (?, ?, ?, ?, ?)";
		// never lower: two may write, the checkpointer and a transaction of the worker
		this.save = "update " + tables.replayProgress() + " set position = greatest(position, ?),"
				+ " handled = greatest(handled, ?), failed = greatest(failed, ?)"
				+ " where replay_id = ? and partition_no = ?";
		this.finishedToKeep = "select replay_id from " + tables.replays() + " where subscription_id = ? and not "
				+ ACTIVE + " order by created_at desc, replay_id desc";
	}

	List<ReplayRecord> read(Connection connection, String condition, @Nullable Object... parameters)
			throws SQLException {
		ReplayRows replays = new ReplayRows();
		Sql.query(connection, this.select + condition + ReplayRows.order(), replays::add, parameters);
		return replays.replays();
	}

	List<ReplayRecord> active(Connection connection) throws SQLException {
		return read(connection, " where r." + ACTIVE);
	}

	/** The active replay of a subscription, if its row is locked. */
	@Nullable ReplayRecord active(Connection connection, String subscription) throws SQLException {
		return read(connection, " where r.subscription_id = ? and r." + ACTIVE, subscription).stream()
			.findFirst()
			.orElse(null);
	}

	void insert(Connection connection, ReplayRecord replay, int partitions, String finishedAt) throws SQLException {
		List<@Nullable Object> values = ReplayRows.values(replay);
		values.add(replay.state().name());
		Sql.update(connection, this.insert + finishedAt + ")", values.toArray());
		insertProgress(connection,
				java.util.Collections.nCopies(partitions, new ReplayProgress(replay.id(), replay.after(), 0, 0)));
		List<UUID> finished = Sql.query(connection, this.finishedToKeep, (rows) -> rows.getObject(1, UUID.class),
				replay.subscription());
		for (UUID id : finished.subList(Math.min(Replays.KEPT, finished.size()), finished.size())) {
			Sql.update(connection, "delete from " + this.tables.replayProgress() + " where replay_id = ?", id);
			Sql.update(connection, "delete from " + this.tables.replays() + " where replay_id = ?", id);
		}
	}

	private void insertProgress(Connection connection, List<ReplayProgress> partitions) throws SQLException {
		List<@Nullable Object[]> rows = new ArrayList<>();
		for (int partition = 0; partition < partitions.size(); partition++) {
			ReplayProgress progress = partitions.get(partition);
			rows.add(new @Nullable Object[] { progress.replay(), partition, progress.position(), progress.handled(),
					progress.failed() });
		}
		Sql.batch(connection, this.insertProgress, rows);
	}

	/** Saves the progress of replays under leases that are known to be current. */
	void save(Connection connection, List<Checkpoint> checkpoints) throws SQLException {
		List<@Nullable Object[]> rows = new ArrayList<>();
		for (Checkpoint checkpoint : checkpoints) {
			if (checkpoint.replay() != null) {
				ReplayProgress replay = Objects.requireNonNull(checkpoint.replay());
				rows.add(new @Nullable Object[] { replay.position(), replay.handled(), replay.failed(), replay.replay(),
						checkpoint.lease().partition().partition() });
			}
		}
		Sql.batch(connection, this.save, rows);
	}

	/** The subscription, whose row is locked, has another number of partitions. */
	void repartition(Connection connection, String subscription, int partitions) throws SQLException {
		ReplayRecord replay = active(connection, subscription);
		if (replay == null) {
			return;
		}
		Sql.update(connection, "update " + this.tables.replays() + " set former_positions = ? where replay_id = ?",
				FormerPartitions.format(replay.formerAfterChange()), replay.id());
		Sql.update(connection, "delete from " + this.tables.replayProgress() + " where replay_id = ?", replay.id());
		insertProgress(connection, replay.repartitioned(partitions));
	}

	void delete(Connection connection, String subscription) throws SQLException {
		Sql.update(connection, "delete from " + this.tables.replayProgress() + " where replay_id in (select replay_id"
				+ " from " + this.tables.replays() + " where subscription_id = ?)", subscription);
		Sql.update(connection, "delete from " + this.tables.replays() + " where subscription_id = ?", subscription);
	}

}
