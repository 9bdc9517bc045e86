package dev.events.jdbc;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.HashSet;
import java.util.Locale;
import java.util.Set;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Knows from H2's table locks which sessions may still fill holes. A session that inserts
 * holds a lock on the table until its transaction has ended, after its rows can be seen.
 * Sessions that hold one when a hole is seen are suspects; each drops out once it is seen
 * without. When none is left, everything drawn until then is settled. Where that takes
 * longer than the gap timeout (or the user may not see the locks of others), holes are
 * taken for empty. Thread-safe.
 */
final class H2Horizon implements Horizon {

	private static final Logger logger = LoggerFactory.getLogger(H2Horizon.class);

	private static final String LOCKS = """
			select session_id from information_schema.locks
			where upper(table_name) = ? and session_id <> session_id()
			""";

	private final String table;

	private final String maxPosition;

	private final Duration gapTimeout;

	// everything up to here is settled
	private long settled;

	// everything up to here is settled when no suspect is left
	private long suspected;

	private Set<Integer> suspects = Set.of();

	private long suspectedSince;

	H2Horizon(Tables tables, Duration gapTimeout) {
		this.table = tables.plain("event_store").toUpperCase(Locale.ROOT);
		this.maxPosition = "select coalesce(max(position), 0) from " + tables.store();
		this.gapTimeout = gapTimeout;
	}

	@Override
	public long settled(Connection connection, long drawn) throws SQLException {
		Set<Integer> holders = new HashSet<>(
				Sql.query(connection, LOCKS, (rows) -> rows.getInt("session_id"), this.table));
		return settled(drawn, holders);
	}

	private synchronized long settled(long drawn, Set<Integer> holders) {
		if (drawn <= this.settled) {
			return drawn;
		}
		if (this.suspected <= this.settled) {
			this.suspected = drawn;
			this.suspects = holders;
			this.suspectedSince = System.nanoTime();
		}
		else {
			this.suspects.retainAll(holders);
		}
		boolean timedOut = System.nanoTime() - this.suspectedSince > this.gapTimeout.toNanos();
		if (timedOut && !this.suspects.isEmpty()) {
			logger.warn("A transaction that publishes has been open for longer than {}: the events it may still bring "
					+ "below position {} will not be delivered", this.gapTimeout, this.suspected);
		}
		if (this.suspects.isEmpty() || timedOut) {
			this.settled = this.suspected;
		}
		return Math.min(this.settled, drawn);
	}

	@Override
	public long head(Connection connection) throws SQLException {
		return settled(connection, Sql.queryLong(connection, this.maxPosition));
	}

}
