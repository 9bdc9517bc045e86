package dev.events.jdbc;

import java.sql.Connection;
import java.sql.SQLException;

import dev.events.EventStoreException;

/**
 * Knows from advisory locks which transactions may still fill holes.
 * <p>
 * Why it is right: a transaction that appends first takes a shared lock that carries
 * {@code v}, the last value drawn by anybody at that moment, and then draws positions,
 * all greater than {@code v}. It keeps the lock until after its rows can be seen. Let
 * {@code drawn} have been drawn before we look at the locks, and take a position
 * {@code p <= drawn}. Whoever drew {@code p} had its lock before, so before we look. If
 * we see that lock, its {@code v < p}, and our answer, being at most {@code v}, does not
 * cover {@code p}. If we do not see it, the transaction has ended, and a statement that
 * begins afterwards sees its row, or there will never be one. A transaction that takes
 * its lock after we look draws values greater than {@code drawn}, for the sequence hands
 * out each value once and in order (it has no cache).
 */
final class PostgresHorizon implements Horizon {

	private final String lowestLock;

	private final String lastDrawn;

	private final String lastVisible;

	private final VisibleRun run;

	PostgresHorizon(Tables tables) {
		// the key's upper 16 bits name the table, the lower 48 are v; see the trigger
		this.lowestLock = """
				select min(((classid::bigint & 65535) << 32) | objid::bigint) from pg_locks
				where locktype = 'advisory' and objsubid = 1
				and database = (select oid from pg_database where datname = current_database())
				and classid::bigint >> 16 = 1 + '%s'::regclass::oid::bigint %% 32749
				""".formatted(tables.store());
		this.lastDrawn = """
				select case when is_called then last_value else last_value - 1 end as drawn,
					(select seqcache from pg_sequence where seqrelid = '%1$s'::regclass) as cache,
					pg_is_in_recovery() as standby
				from %1$s""".formatted(tables.sequence());
		this.lastVisible = "select coalesce(max(position), 0) from " + tables.store() + " where position <= ?";
		this.run = new VisibleRun(tables);
	}

	@Override
	public long settled(Connection connection, long drawn) throws SQLException {
		return Sql.query(connection, this.lowestLock, (rows) -> {
			long lowest = rows.getLong(1);
			return rows.wasNull() ? drawn : Math.min(drawn, lowest);
		}).get(0);
	}

	/**
	 * The last event up to which all is settled, not the horizon itself: after a crash of
	 * the server the sequence may hand out values again that only rolled back
	 * transactions had drawn, but none that a committed event lies behind.
	 */
	@Override
	public long head(Connection connection) throws SQLException {
		long drawn = Sql.query(connection, this.lastDrawn, (rows) -> {
			requireTrustworthy(rows.getLong("cache"), rows.getBoolean("standby"));
			return rows.getLong("drawn");
		}).get(0);
		long settled = settled(connection, drawn);
		long end = (settled < drawn) ? this.run.end(connection, settled) : settled;
		return (end > settled) ? end : Sql.queryLong(connection, this.lastVisible, settled);
	}

	private static void requireTrustworthy(long cache, boolean standby) {
		if (cache != 1) {
			throw new EventStoreException(
					"The sequence of the event positions has CACHE " + cache
							+ "; with anything but CACHE 1 subscribers would miss events. Run ALTER SEQUENCE … CACHE 1",
					null);
		}
		if (standby) {
			throw new EventStoreException("The event store is connected to a standby server, where it cannot be seen "
					+ "which transactions are still publishing. Connect it to the primary server", null);
		}
	}

}
