package dev.events.test.postgres;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.concurrent.atomic.AtomicInteger;

import org.testcontainers.DockerClientFactory;

/**
 * A running PostgreSQL for tests: a container where a Docker engine answers, else the
 * embedded binaries, also as root. Thread-safe.
 *
 * <pre>{@code
 * DataSource dataSource = PostgresServer.shared().createDatabase().dataSource();
 * }</pre>
 */
public final class PostgresServer implements AutoCloseable {

	private static final AtomicInteger DATABASES = new AtomicInteger();

	private final Backend backend;

	private PostgresServer(Backend backend) {
		this.backend = backend;
	}

	/**
	 * The server that all tests of this JVM share, started on the first call. It ends
	 * with the JVM and must not be stopped; for tests that need that there is
	 * {@link #dedicated()}.
	 */
	public static PostgresServer shared() {
		return Shared.SERVER;
	}

	/**
	 * Starts a server for one test alone, which may stop and start it and has to close
	 * it.
	 */
	public static PostgresServer dedicated() {
		return new PostgresServer(newBackend());
	}

	private static Backend newBackend() {
		Backend backend = DockerClientFactory.instance().isDockerAvailable() ? new ContainerBackend()
				: new EmbeddedBackend();
		backend.start();
		return backend;
	}

	/**
	 * Creates an empty database with a name of its own.
	 * @throws IllegalStateException when the server does not answer
	 */
	public PostgresDatabase createDatabase() {
		String name = "test_" + ProcessHandle.current().pid() + "_" + DATABASES.incrementAndGet();
		PostgresDatabase maintenance = this.backend.database("postgres");
		try (Connection connection = DriverManager.getConnection(maintenance.jdbcUrl(), maintenance.user(),
				maintenance.password()); Statement statement = connection.createStatement()) {
			statement.execute("create database " + name);
		}
		catch (SQLException ex) {
			throw new IllegalStateException("Database " + name + " could not be created: " + ex.getMessage(), ex);
		}
		return this.backend.database(name);
	}

	/**
	 * Stops the server at once, as an outage: connections are cut, data stays. Only for
	 * dedicated servers.
	 */
	public void stop() {
		requireDedicated();
		this.backend.stop();
	}

	/**
	 * Stops the server as a crash does: its processes end where they are, and it has to
	 * recover when it starts again. Only for dedicated servers.
	 */
	public void crash() {
		requireDedicated();
		this.backend.crash();
	}

	/** Starts a stopped server again, with the same data on the same port. */
	public void start() {
		requireDedicated();
		this.backend.start();
	}

	/** Stops a dedicated server for good and deletes its data. */
	@Override
	public void close() {
		requireDedicated();
		this.backend.delete();
	}

	private void requireDedicated() {
		if (this == Shared.SERVER) {
			throw new IllegalStateException("Other tests use the shared server; take PostgresServer.dedicated()");
		}
	}

	/**
	 * One way to run the server.
	 */
	interface Backend {

		void start();

		void stop();

		void crash();

		void delete();

		PostgresDatabase database(String name);

	}

	private static final class Shared {

		static final PostgresServer SERVER = new PostgresServer(newBackend());

	}

}
