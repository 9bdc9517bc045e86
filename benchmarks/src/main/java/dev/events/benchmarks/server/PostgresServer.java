package dev.events.benchmarks.server;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;

/**
 * A PostgreSQL that is as durable as in production: fsync and synchronous_commit are on.
 */
final class PostgresServer implements BenchmarkServer {

	private static final Map<String, String> SETTINGS = Map.of("fsync", "on", "synchronous_commit", "on",
			"full_page_writes", "on", "max_connections", "200", "shared_buffers", "512MB", "max_wal_size", "4GB",
			"shared_preload_libraries", "pg_stat_statements", "track_io_timing", "on");

	private static final List<String> REPORTED = List.of("server_version", "fsync", "synchronous_commit",
			"full_page_writes", "wal_sync_method", "shared_buffers", "max_wal_size", "checkpoint_timeout", "autovacuum",
			"autovacuum_naptime", "max_connections", "shared_preload_libraries");

	private final AtomicInteger databases = new AtomicInteger();

	private final EmbeddedPostgres postgres;

	private final Path directory;

	private PostgresServer(EmbeddedPostgres postgres, Path directory) {
		this.postgres = postgres;
		this.directory = directory;
	}

	static PostgresServer start() {
		try {
			Path directory = Files.createTempDirectory("events-benchmark-");
			EmbeddedPostgres.Builder builder = EmbeddedPostgres.builder()
				.setDataDirectory(directory)
				.setCleanDataDirectory(true)
				.setPGStartupWait(Duration.ofSeconds(60));
			SETTINGS.forEach(builder::setServerConfig);
			return new PostgresServer(builder.start(), directory);
		}
		catch (IOException ex) {
			throw new UncheckedIOException("PostgreSQL did not start", ex);
		}
	}

	/** An empty database; statistics of statements are there. */
	@Override
	public BenchmarkDatabase createDatabase() {
		String name = "benchmark_" + this.databases.incrementAndGet();
		execute("postgres", "create database " + name);
		execute(name, "create extension pg_stat_statements");
		execute(name, "create extension pgstattuple");
		return new BenchmarkDatabase(name, Store.POSTGRES, url(name), postmaster());
	}

	/**
	 * Drops a database and writes what is dirty, so that the next begins like the first.
	 */
	@Override
	public void drop(BenchmarkDatabase database) {
		execute("postgres", "drop database " + database.name() + " with (force)");
		execute("postgres", "checkpoint");
	}

	@Override
	public String describe() {
		return "PostgreSQL: " + settings();
	}

	private Map<String, String> settings() {
		Map<String, String> settings = new LinkedHashMap<>();
		try (Connection connection = connect("postgres"); Statement statement = connection.createStatement()) {
			for (String name : REPORTED) {
				try (ResultSet rows = statement.executeQuery("show " + name)) {
					rows.next();
					settings.put(name, rows.getString(1));
				}
			}
		}
		catch (SQLException ex) {
			throw new IllegalStateException(ex);
		}
		return settings;
	}

	private void execute(String database, String sql) {
		try (Connection connection = connect(database); Statement statement = connection.createStatement()) {
			statement.execute(sql);
		}
		catch (SQLException ex) {
			throw new IllegalStateException(sql, ex);
		}
	}

	private Connection connect(String database) throws SQLException {
		return DriverManager.getConnection(url(database), BenchmarkDatabase.USER, "");
	}

	private String url(String database) {
		return "jdbc:postgresql://localhost:" + this.postgres.getPort() + "/" + database;
	}

	private long postmaster() {
		try {
			return Long.parseLong(Files.readAllLines(this.directory.resolve("postmaster.pid")).get(0).trim());
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	@Override
	public void close() {
		try {
			this.postgres.close();
		}
		catch (IOException ex) {
			throw new UncheckedIOException("PostgreSQL did not stop", ex);
		}
	}

}
