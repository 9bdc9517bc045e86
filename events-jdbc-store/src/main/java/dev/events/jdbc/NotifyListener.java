package dev.events.jdbc;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

import dev.events.EventStoreException;
import org.jspecify.annotations.Nullable;
import org.postgresql.PGConnection;
import org.postgresql.PGNotification;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Hears notifications on a connection that it keeps for itself until it is stopped. When
 * that breaks it takes another, ever more slowly while there is none. Needs the
 * PostgreSQL driver.
 */
final class NotifyListener {

	private static final Logger logger = LoggerFactory.getLogger(NotifyListener.class);

	// how long it may take to notice the stop; the driver cannot be woken
	private static final Duration LOOK_UP = Duration.ofMillis(100);

	// a connection that is cut in silence is found out after this time
	private static final Duration CHECK = Duration.ofSeconds(10);

	private static final int CHECK_TIMEOUT_SECONDS = 5;

	private static final Duration MAX_BACKOFF = Duration.ofSeconds(5);

	// one that breaks sooner has not worked
	private static final Duration PROVEN = Duration.ofSeconds(5);

	private static final Duration BETWEEN_WARNINGS = Duration.ofMinutes(1);

	private static final Duration STOP_PATIENCE = Duration.ofSeconds(1);

	private final Database database;

	private final String table;

	private final Consumer<String> onMessage;

	private final Runnable onMissed;

	private final CountDownLatch stopped = new CountDownLatch(1);

	private final Thread thread = new Thread(this::run, "events-listen");

	// since it last worked; this and what follows only for its own thread
	private int failures;

	private @Nullable Long startedAt;

	private @Nullable Long warnedAt;

	private boolean warned;

	NotifyListener(Database database, Tables tables, Consumer<String> onMessage, Runnable onMissed) {
		this.database = database;
		this.table = tables.store();
		this.onMessage = onMessage;
		this.onMissed = onMissed;
	}

	void start() {
		this.thread.setDaemon(true);
		this.thread.start();
	}

	/** Ends it; its connection is given back within {@link #LOOK_UP} or so. */
	void stop() {
		this.stopped.countDown();
		try {
			this.thread.join(STOP_PATIENCE.toMillis());
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
	}

	private static boolean isOver(long since, Duration duration) {
		return System.nanoTime() - since > duration.toNanos();
	}

	private boolean isStopped() {
		return this.stopped.getCount() == 0;
	}

	private void run() {
		try {
			while (!isStopped()) {
				try {
					if (!this.database.autocommit("listen to other nodes", this::listen)) {
						return;
					}
				}
				catch (RuntimeException ex) {
					failed(ex);
				}
			}
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
	}

	private void failed(RuntimeException ex) throws InterruptedException {
		if (isStopped()) {
			return;
		}
		if (this.startedAt != null && isOver(this.startedAt, PROVEN)) {
			this.failures = 0;
		}
		this.startedAt = null;
		this.failures++;
		if (!this.warned && (this.warnedAt == null || isOver(this.warnedAt, BETWEEN_WARNINGS))) {
			logger.warn("What other nodes publish is found by polling only until they can be listened to again: {}",
					ex.getMessage());
			this.warned = true;
			this.warnedAt = System.nanoTime();
		}
		logger.debug("Listening to other nodes failed {} times", this.failures, ex);
		long millis = Math.min(MAX_BACKOFF.toMillis(), 100L << Math.min(10, this.failures - 1));
		this.stopped.await(millis / 2 + ThreadLocalRandom.current().nextLong(millis / 2 + 1), TimeUnit.MILLISECONDS);
	}

	/** Whether the database's connections can do it. */
	private boolean listen(Connection connection) throws SQLException {
		if (!connection.isWrapperFor(PGConnection.class)) {
			logger.info("What other nodes publish is found by polling only, because {} is not of the PostgreSQL driver",
					connection.getClass().getName());
			return false;
		}
		PGConnection notifications = connection.unwrap(PGConnection.class);
		try {
			String channel = channel(connection);
			execute(connection, "listen " + channel);
			started(channel);
			hear(connection, notifications);
		}
		finally {
			unlisten(connection);
		}
		return true;
	}

	private String channel(Connection connection) throws SQLException {
		List<String> names = Sql.query(connection, "select " + NotifyChannel.NAME, (rows) -> rows.getString(1),
				this.table);
		String name = names.get(0);
		if (name == null || !name.matches("events_\\d+")) {
			throw new EventStoreException("The table of events is missing", null);
		}
		return name;
	}

	private void started(String channel) {
		this.startedAt = System.nanoTime();
		if (this.warned) {
			logger.info("Other nodes are listened to again after {} failures", this.failures);
			this.warned = false;
		}
		logger.debug("Listening to other nodes on channel {}", channel);
		this.onMissed.run();
	}

	private void hear(Connection connection, PGConnection notifications) throws SQLException {
		long checked = System.nanoTime();
		while (!isStopped()) {
			PGNotification[] heard = notifications.getNotifications((int) LOOK_UP.toMillis());
			if (heard != null) {
				for (PGNotification notification : heard) {
					this.onMessage.accept(notification.getParameter());
				}
			}
			if (isOver(checked, CHECK)) {
				if (!connection.isValid(CHECK_TIMEOUT_SECONDS)) {
					throw new SQLException("The connection is broken", "08006");
				}
				checked = System.nanoTime();
			}
		}
	}

	/** By the pool's own connection, which finds out then if it is broken. */
	private static void unlisten(Connection connection) {
		try {
			execute(connection, "unlisten *");
		}
		catch (SQLException ex) {
			logger.debug("The connection does not answer any more", ex);
		}
	}

	private static void execute(Connection connection, String sql) throws SQLException {
		try (Statement statement = connection.createStatement()) {
			statement.execute(sql);
		}
	}

}
