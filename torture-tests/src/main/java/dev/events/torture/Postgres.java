package dev.events.torture;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;

/**
 * The server: the binaries from Maven Central, set up as in production (fsync and
 * synchronous commit are on), and stopped and started with {@code pg_ctl}. Not a
 * container even where there is one, because how it is stopped matters here.
 */
final class Postgres implements AutoCloseable {

	private static final String OPTIONS = "-c fsync=on -c synchronous_commit=on -c full_page_writes=on"
			+ " -c max_connections=100 -c shared_buffers=64MB -c listen_addresses=localhost"
			+ " -c unix_socket_directories= -c logging_collector=off";

	private final Path data;

	private final Path log;

	private final Path binaries;

	private final int port;

	/** Sets up a server in a directory and starts it. */
	Postgres(Path directory) {
		this.data = directory.resolve("postgres");
		this.log = directory.resolve("postgres.log");
		try (EmbeddedPostgres server = EmbeddedPostgres.builder()
			.setDataDirectory(this.data)
			.setCleanDataDirectory(false)
			.setRegisterShutdownHook(false)
			.start()) {
			this.port = server.getPort();
			this.binaries = binaries();
		}
		catch (IOException ex) {
			throw new UncheckedIOException("PostgreSQL could not be set up", ex);
		}
		start();
	}

	/** Where the binaries are, which only the running server can tell. */
	private Path binaries() throws IOException {
		long pid = Long.parseLong(Files.readAllLines(this.data.resolve("postmaster.pid")).get(0).trim());
		String command = ProcessHandle.of(pid).flatMap((process) -> process.info().command()).orElseThrow();
		return Path.of(command).resolveSibling("");
	}

	/** Returns when it takes connections. */
	void start() {
		pgCtl("start", "-w", "-t", "60", "-l", this.log.toString(), "-o", OPTIONS + " -p " + this.port);
	}

	/**
	 * Returns when it is down.
	 * @param mode as pg_ctl has it: fast or immediate
	 */
	void stop(String mode) {
		pgCtl("stop", "-w", "-t", "60", "-m", mode);
	}

	private void pgCtl(String... arguments) {
		List<String> command = new ArrayList<>();
		if ("root".equals(System.getProperty("user.name"))) {
			// PostgreSQL does not run as root; in a user namespace nobody is
			command.addAll(List.of("unshare", "-U"));
		}
		command.addAll(List.of(this.binaries.resolve("pg_ctl").toString(), "-D", this.data.toString()));
		command.addAll(List.of(arguments));
		try {
			Process process = new ProcessBuilder(command).redirectErrorStream(true)
				.redirectOutput(ProcessBuilder.Redirect.appendTo(this.log.toFile()))
				.start();
			int status = process.waitFor();
			if (status != 0) {
				throw new IllegalStateException(String.join(" ", command) + " ended with " + status);
			}
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			throw new IllegalStateException("Interrupted while waiting for pg_ctl", ex);
		}
	}

	String jdbcUrl() {
		return "jdbc:postgresql://localhost:" + this.port + "/postgres";
	}

	/** A connection of the driver, which is not a target of its own chaos. */
	Connection connect() throws SQLException {
		return DriverManager.getConnection(jdbcUrl() + "?ApplicationName=driver&socketTimeout=20", "postgres", "");
	}

	void execute(String sql) throws SQLException {
		try (Connection connection = connect(); Statement statement = connection.createStatement()) {
			statement.execute(sql);
		}
	}

	/** Properties with which an application connects. */
	Map<String, String> dataSource() {
		return Map.of("spring.datasource.url", jdbcUrl(), "spring.datasource.username", "postgres",
				"spring.datasource.password", "");
	}

	@Override
	public void close() {
		if (Files.exists(this.data.resolve("postmaster.pid"))) {
			stop("immediate");
		}
	}

}
