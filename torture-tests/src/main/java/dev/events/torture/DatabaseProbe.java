package dev.events.torture;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;

import dev.events.torture.check.Fault.Kind;
import org.jspecify.annotations.Nullable;

/**
 * Writes down when the database, or the whole machine, took long for something small
 * although nobody had stopped it.
 */
final class DatabaseProbe implements AutoCloseable {

	private static final Duration WORTH_NOTING = Duration.ofMillis(500);

	private final Postgres postgres;

	private final FaultLog log;

	private final Thread thread = new Thread(this::run, "probe");

	private volatile boolean closed;

	DatabaseProbe(Postgres postgres, FaultLog log) {
		this.postgres = postgres;
		this.log = log;
		this.thread.setDaemon(true);
	}

	void start() {
		this.thread.start();
	}

	private void run() {
		Connection connection = null;
		try {
			while (!this.closed) {
				long start = System.nanoTime();
				Thread.sleep(50);
				connection = probe(connection);
				long end = System.nanoTime();
				if (connection != null && end - start > WORTH_NOTING.toNanos()) {
					this.log.add(Kind.STALL, FaultLog.ALL, start, end);
				}
			}
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
	}

	private @Nullable Connection probe(@Nullable Connection open) {
		try {
			Connection connection = (open != null) ? open : this.postgres.connect();
			try (Statement statement = connection.createStatement()) {
				statement.execute("update probe set n = n + 1");
			}
			return connection;
		}
		catch (SQLException ex) {
			// stopped by the driver, which writes that down itself
			return null;
		}
	}

	@Override
	public void close() {
		this.closed = true;
	}

}
