package dev.events.jdbc;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Collectors;

import dev.events.EventStoreException;
import dev.events.store.Checkpoint;
import dev.events.store.CursorState;
import dev.events.store.Cursors;
import dev.events.store.FormerPartitions;
import dev.events.store.Lease;
import dev.events.store.PartitionId;
import org.jspecify.annotations.Nullable;

/**
 * Leases and positions as rows. A lease is current while its row has its node and its
 * epoch; every write asks for both. Rows are always locked in the same order, so that
 * nodes do not run into a deadlock; and nobody waits long for one, for it may be locked
 * by a process that sleeps.
 */
final class JdbcCursors implements Cursors {

	/** Keeps a partition from being claimed until old leases of it have run out. */
	static final String NOBODY = "";

	private static final Comparator<PartitionId> ORDER = Comparator.comparing(PartitionId::subscription)
		.thenComparing(PartitionId::partition);

	private final Database database;

	private final Dialect dialect;

	private final DeliveryWriter deliveries;

	private final ReplaySql replays;

	private final String free;

	private final String claim;

	private final String claimed;

	private final String unlocked;

	private final String renew;

	private final String release;

	private final String advance;

	private final String list;

	JdbcCursors(Database database, Tables tables, Dialect dialect, DeliveryWriter deliveries, ReplaySql replays) {
		this.database = database;
		this.dialect = dialect;
		this.deliveries = deliveries;
		this.replays = replays;
		String update = "update " + tables.cursors() + " set ";
		String partition = " where subscription_id = ? and partition_no = ?";
		String current = partition + " and epoch = ? and owner = ?";
		// a row that is locked may be that of a node that sleeps in the middle of a
		// transaction: nobody must wait for it, and to claim it would be of no use before
		// that transaction has ended
		this.free = "select partition_no from " + tables.cursors() + " where subscription_id = ?"
				+ " and (owner is null or owner = ? or lease_until < " + dialect.now() + ") for update skip locked";
		this.claim = update + "owner = ?, epoch = epoch + 1, lease_until = " + dialect.nowPlusMillis() + partition;
		// the number of cursors, which cannot change while we have one of them, and not
		// what
		// somebody may just have written into the row: a worker that thought of more
		// partitions than there are cursors would pass over events that nobody else gets
		this.claimed = "select c.epoch, c.position, (select count(*) from " + tables.cursors()
				+ " every where every.subscription_id = c.subscription_id), s.former_positions from " + tables.cursors()
				+ " c join " + tables.subscriptions() + " s on s.id = c.subscription_id"
				+ " where c.subscription_id = ? and c.partition_no = ?";
		this.renew = update + "lease_until = " + dialect.nowPlusMillis() + current;
		this.unlocked = "select partition_no from " + tables.cursors() + current + " for update skip locked";
		this.release = update + "owner = null, lease_until = null" + current;
		this.advance = update + "position = greatest(position, ?)" + current;
		this.list = "select subscription_id, partition_no, position, case when lease_until >= " + dialect.now()
				+ " and owner <> '' then owner end as holder from " + tables.cursors()
				+ " order by subscription_id, partition_no";
	}

	@Override
	public List<Lease> claim(String node, Collection<PartitionId> partitions, Duration duration) {
		Map<String, List<PartitionId>> wanted = partitions.stream()
			.distinct()
			.sorted(ORDER)
			.collect(Collectors.groupingBy(PartitionId::subscription, TreeMap::new, Collectors.toList()));
		return this.database.transaction("claim partitions", (connection) -> {
			List<PartitionId> won = new ArrayList<>();
			for (Map.Entry<String, List<PartitionId>> entry : wanted.entrySet()) {
				List<Integer> free = Sql.query(connection, this.free, (rows) -> rows.getInt(1), entry.getKey(), node);
				entry.getValue().stream().filter((id) -> free.contains(id.partition())).forEach(won::add);
			}
			List<@Nullable Object[]> claims = new ArrayList<>();
			for (PartitionId id : won) {
				claims.add(new @Nullable Object[] { node, duration.toMillis(), id.subscription(), id.partition() });
			}
			Sql.batch(connection, this.claim, claims);
			List<Lease> leases = new ArrayList<>();
			for (PartitionId id : won) {
				leases.addAll(Sql.query(
						connection, this.claimed, (rows) -> new Lease(id, node, rows.getLong(1), rows.getLong(2),
								rows.getInt(3), FormerPartitions.parse(rows.getString(4))),
						id.subscription(), id.partition()));
			}
			return leases;
		});
	}

	@Override
	public Set<PartitionId> renew(Collection<Lease> leases, Duration duration) {
		List<Lease> ordered = ordered(leases);
		try {
			return withShortLocks("renew leases", (connection) -> renew(connection, ordered, duration));
		}
		catch (EventStoreException ex) {
			if (!Database.isLocked(ex)) {
				throw ex;
			}
			// one transaction of ours that hangs must not cost us all leases
			return this.database.transaction("renew leases",
					(connection) -> renew(connection, unlocked(connection, ordered), duration));
		}
	}

	private Set<PartitionId> renew(Connection connection, List<Lease> leases, Duration duration) throws SQLException {
		List<@Nullable Object[]> renewals = new ArrayList<>();
		for (Lease lease : leases) {
			renewals.add(current(lease, duration.toMillis()));
		}
		return new HashSet<>(succeeded(connection, this.renew, renewals, leases, Lease::partition));
	}

	private List<Lease> unlocked(Connection connection, List<Lease> leases) throws SQLException {
		List<Lease> unlocked = new ArrayList<>();
		for (Lease lease : leases) {
			if (!Sql.query(connection, this.unlocked, (rows) -> rows.getInt(1), current(lease)).isEmpty()) {
				unlocked.add(lease);
			}
		}
		return unlocked;
	}

	@Override
	public void release(Collection<Lease> leases) {
		List<Lease> ordered = ordered(leases);
		try {
			withShortLocks("release leases", (connection) -> release(connection, ordered));
		}
		catch (EventStoreException ex) {
			if (!Database.isLocked(ex)) {
				throw ex;
			}
			// what is locked runs out
			this.database.transaction("release leases",
					(connection) -> release(connection, unlocked(connection, ordered)));
		}
	}

	private int[] release(Connection connection, List<Lease> leases) throws SQLException {
		List<@Nullable Object[]> releases = new ArrayList<>();
		for (Lease lease : leases) {
			releases.add(current(lease));
		}
		return Sql.batch(connection, this.release, releases);
	}

	@Override
	public Set<PartitionId> checkpoint(Collection<Checkpoint> checkpoints) {
		List<Checkpoint> ordered = checkpoints.stream()
			.sorted(Comparator.comparing((checkpoint) -> checkpoint.lease().partition(), ORDER))
			.toList();
		Database.Work<Set<PartitionId>> save = (connection) -> {
			List<@Nullable Object[]> positions = new ArrayList<>();
			for (Checkpoint checkpoint : ordered) {
				positions.add(current(checkpoint.lease(), checkpoint.position()));
			}
			List<Checkpoint> saved = succeeded(connection, this.advance, positions, ordered, Function.identity());
			this.replays.save(connection, saved);
			this.deliveries.write(connection, saved);
			return ordered.stream()
				.filter((checkpoint) -> !saved.contains(checkpoint))
				.map((checkpoint) -> checkpoint.lease().partition())
				.collect(Collectors.toSet());
		};
		// in the caller's transaction how long to wait is the caller's business
		return this.database.inTransaction() ? this.database.joinedOrOwn("save progress", save)
				: withShortLocks("save progress", save);
	}

	private <T> T withShortLocks(String what, Database.Work<T> work) {
		return this.database.transaction(what, (connection) -> {
			this.dialect.limitLockWait(connection);
			return work.on(connection);
		});
	}

	@Override
	public List<CursorState> list() {
		return this.database.autocommit("read cursors",
				(connection) -> Sql.query(connection, this.list,
						(rows) -> new CursorState(
								new PartitionId(rows.getString("subscription_id"), rows.getInt("partition_no")),
								rows.getLong("position"), rows.getString("holder"))));
	}

	private static List<Lease> ordered(Collection<Lease> leases) {
		return leases.stream().sorted(Comparator.comparing(Lease::partition, ORDER)).toList();
	}

	/** Parameters for a lease that must be current, behind others. */
	private static @Nullable Object[] current(Lease lease, Object... before) {
		List<@Nullable Object> parameters = new ArrayList<>(List.of(before));
		parameters.add(lease.partition().subscription());
		parameters.add(lease.partition().partition());
		parameters.add(lease.epoch());
		parameters.add(lease.node());
		return parameters.toArray();
	}

	/** Updates one row for each item, and answers the items whose row was there. */
	private static <T, R> List<R> succeeded(Connection connection, String sql, List<@Nullable Object[]> parameters,
			List<T> items, Function<T, R> result) throws SQLException {
		int[] counts = Sql.batch(connection, sql, parameters);
		List<R> succeeded = new ArrayList<>();
		for (int i = 0; i < counts.length; i++) {
			if (counts[i] > 0) {
				succeeded.add(result.apply(items.get(i)));
			}
		}
		return succeeded;
	}

}
