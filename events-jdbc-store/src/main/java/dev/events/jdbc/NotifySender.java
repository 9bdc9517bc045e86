package dev.events.jdbc;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.EnumSet;
import java.util.Set;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

import dev.events.store.Wakeups.Kind;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sends notifications from a thread of its own, the first at once and then at most one in
 * {@link #PAUSE}, however many publishers there are: NOTIFY makes transactions commit one
 * after the other, so it must not be in theirs. Its thread ends when there is nothing to
 * send. Thread-safe.
 */
final class NotifySender {

	private static final Logger logger = LoggerFactory.getLogger(NotifySender.class);

	private static final Duration PAUSE = Duration.ofMillis(5);

	// nobody needs to be told of what cannot be read anyway
	private static final Duration PAUSE_AFTER_ERROR = Duration.ofSeconds(1);

	private final Database database;

	private final String sql;

	private final String table;

	private final String origin;

	private final ThreadPoolExecutor executor;

	private final ReentrantLock lock = new ReentrantLock();

	private final Condition idle = this.lock.newCondition();

	// not sent yet; guarded by lock
	private final Set<Kind> pending = EnumSet.noneOf(Kind.class);

	// whether the thread will look at what is pending; guarded by lock
	private boolean active;

	NotifySender(Database database, Tables tables, String origin) {
		this.database = database;
		this.table = tables.store();
		this.origin = origin;
		// nothing is written, so there is nothing to wait for the disk for
		this.sql = "select set_config('synchronous_commit', 'off', true), pg_notify(" + NotifyChannel.NAME + ", ?)";
		this.executor = new ThreadPoolExecutor(1, 1, 10, TimeUnit.SECONDS, new LinkedBlockingQueue<>(), (task) -> {
			Thread thread = new Thread(task, "events-notify");
			thread.setDaemon(true);
			return thread;
		});
		this.executor.allowCoreThreadTimeOut(true);
	}

	/** Lets other processes know soon. */
	void send(Kind kind) {
		this.lock.lock();
		try {
			this.pending.add(kind);
			if (this.active) {
				return;
			}
			this.executor.execute(this::sendPending);
			this.active = true;
		}
		catch (RuntimeException | OutOfMemoryError ex) {
			logger.debug("There is no thread to notify other nodes", ex);
		}
		finally {
			this.lock.unlock();
		}
	}

	/** Returns when there is nothing left to send, or the time is over. */
	void flush(Duration patience) {
		this.lock.lock();
		try {
			long nanos = patience.toNanos();
			while (this.active && nanos > 0) {
				nanos = this.idle.awaitNanos(nanos);
			}
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
		finally {
			this.lock.unlock();
		}
	}

	private void sendPending() {
		try {
			for (Set<Kind> kinds = take(); !kinds.isEmpty(); kinds = take()) {
				TimeUnit.NANOSECONDS.sleep((send(kinds) ? PAUSE : PAUSE_AFTER_ERROR).toNanos());
			}
		}
		catch (InterruptedException ex) {
			deactivate();
		}
		catch (RuntimeException | Error ex) {
			deactivate();
			throw ex;
		}
	}

	private Set<Kind> take() {
		this.lock.lock();
		try {
			Set<Kind> kinds = EnumSet.copyOf(this.pending);
			this.pending.clear();
			if (kinds.isEmpty()) {
				deactivate();
			}
			return kinds;
		}
		finally {
			this.lock.unlock();
		}
	}

	private void deactivate() {
		this.lock.lock();
		try {
			this.active = false;
			this.idle.signalAll();
		}
		finally {
			this.lock.unlock();
		}
	}

	private boolean send(Set<Kind> kinds) {
		try {
			String payload = NotifyChannel.payload(this.origin, kinds);
			this.database.autocommit("notify other nodes", (connection) -> notify(connection, payload));
			return true;
		}
		catch (RuntimeException ex) {
			// they look for themselves; that the store is down others say
			logger.debug("Other nodes could not be notified of {}", kinds, ex);
			return false;
		}
	}

	private boolean notify(Connection connection, String payload) throws SQLException {
		Sql.query(connection, this.sql, (rows) -> rows.getString(1), this.table, payload);
		return true;
	}

}
