package dev.events.jdbc;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.HashSet;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.locks.LockSupport;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Knows from H2's table locks which sessions may still fill holes. A session that inserts
 * holds a lock on the table until its transaction has ended, after its rows can be seen.
 * Sessions that hold one or are inserting when a hole is seen are suspects; each drops
 * out once it is seen doing neither. When none is left, everything drawn until then is
 * settled. Where that takes longer than the gap timeout, holes are taken for empty. Where
 * the user may not see the locks of others, or nobody takes any, only time tells.
 * Thread-safe.
 */
final class H2Horizon implements Horizon {

	private static final Logger logger = LoggerFactory.getLogger(H2Horizon.class);

	private static final String LOCKS = """
			select session_id from information_schema.locks
			where upper(table_name) = ? and session_id <> session_id()
			""";

	// a position is drawn shortly before the lock is taken; callers of functions may
	// insert
	private static final String INSERTING = """
			select session_id from information_schema.sessions
			where session_id <> session_id() and regexp_like(executing_statement, 'insert|merge|call', 'i')
			""";

	private static final String LOCKS_TELL = """
			select is_admin and lock_mode() <> 0 from information_schema.users
			where upper(user_name) = upper(current_user)
			""";

	private static final int GENERAL_ERROR = 50000;

	// stands for all sessions that cannot be seen
	private static final int UNKNOWN = -1;

	private static final Duration HEAD_PATIENCE = Duration.ofSeconds(2);

	private static final Duration HEAD_PAUSE = Duration.ofMillis(20);

	private final String table;

	private final String maxPosition;

	private final String firstRun;

	private final VisibleRun run;

	private final Duration gapTimeout;

	private @Nullable Boolean locksTell;

	// everything up to here is settled
	private long settled;

	// everything up to here is settled when no suspect is left
	private long suspected;

	private Set<Integer> suspects = Set.of();

	private long suspectedSince;

	private @Nullable Long headPatienceEnds;

	H2Horizon(Tables tables, Duration gapTimeout) {
		this.table = tables.plain("event_store").toUpperCase(Locale.ROOT);
		this.maxPosition = "select coalesce(max(position), 0) from " + tables.store();
		this.firstRun = "select position from " + tables.store() + " s where exists (select 1 from " + tables.store()
				+ " where position = 1) and not exists (select 1 from " + tables.store()
				+ " n where n.position = s.position + 1) order by position fetch first 1 rows only";
		this.run = new VisibleRun(tables);
		this.gapTimeout = gapTimeout;
	}

	// looking is part of it: an earlier look of another thread must not clear suspects
	@Override
	public synchronized long settled(Connection connection, long drawn) throws SQLException {
		if (!locksTell(connection)) {
			return settled(drawn, new HashSet<>(Set.of(UNKNOWN)));
		}
		Set<Integer> holders = new HashSet<>();
		try {
			// in this order: who is no longer inserting has the lock by now, or has ended
			holders.addAll(Sql.query(connection, INSERTING, (rows) -> rows.getInt("session_id")));
		}
		catch (SQLException ex) {
			if (ex.getErrorCode() != GENERAL_ERROR) {
				throw ex;
			}
			// H2 stumbles over a session that ends its transaction while it is looked at:
			// the next look will tell
			return Math.min(this.settled, drawn);
		}
		holders.addAll(Sql.query(connection, LOCKS, (rows) -> rows.getInt("session_id"), this.table));
		return settled(drawn, holders);
	}

	private boolean locksTell(Connection connection) throws SQLException {
		Boolean known = this.locksTell;
		if (known == null) {
			known = Sql.queryOne(connection, LOCKS_TELL, (rows) -> rows.getBoolean(1)).orElse(false);
			this.locksTell = known;
			if (!known) {
				logger.warn(
						"The user of the event store has no admin rights in H2, or LOCK_MODE is 0: after an event "
								+ "whose transaction was rolled back, later ones are delivered only after {}",
						this.gapTimeout);
			}
		}
		return known;
	}

	private long settled(long drawn, Set<Integer> holders) {
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
		if (timedOut && !this.suspects.isEmpty() && !this.suspects.contains(UNKNOWN)) {
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
		long drawn = Sql.queryLong(connection, this.maxPosition);
		long settled = settled(connection, drawn);
		// a store that was just opened knows nothing yet; a new subscription must not get
		// all that there ever was because somebody publishes at the moment
		while (settled == 0 && drawn > 0) {
			settled = Sql.queryOne(connection, this.firstRun, (rows) -> rows.getLong(1)).orElse(0L);
			if (settled >= drawn || !isPatient()) {
				return Math.min(settled, drawn);
			}
			LockSupport.parkNanos(HEAD_PAUSE.toNanos());
			settled = settled(connection, drawn);
		}
		return (settled < drawn) ? known(this.run.end(connection, settled)) : settled;
	}

	private synchronized long known(long settled) {
		this.settled = Math.max(this.settled, settled);
		return settled;
	}

	private synchronized boolean isPatient() {
		long now = System.nanoTime();
		if (this.headPatienceEnds == null) {
			this.headPatienceEnds = now + HEAD_PATIENCE.toNanos();
		}
		return now - this.headPatienceEnds < 0;
	}

}
