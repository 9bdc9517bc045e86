package dev.events.torture;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;

import dev.events.torture.check.Fault.Kind;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import org.jspecify.annotations.Nullable;

/**
 * PostgreSQL: the binaries from Maven Central, set up as in production (fsync and
 * synchronous commit are on), and stopped and started with {@code pg_ctl}. Not a
 * container even where there is one, because how it is stopped matters here.
 */
final class Postgres implements Server {

	private static final String OPTIONS = "-c fsync=on -c synchronous_commit=on -c full_page_writes=on"
			+ " -c max_connections=100 -c shared_buffers=64MB -c listen_addresses=localhost"
			+ " -c unix_socket_directories= -c logging_collector=off";

	private static final List<Kind> FAULTS = List.of(Kind.SERVER_STOPPED, Kind.IDLE_TRANSACTION, Kind.CUT_CONNECTIONS,
			Kind.OPEN_PUBLISHER, Kind.SERVER_KILLED, Kind.POOL_EXHAUSTED);

	private final Path data;

	private final Path log;

	private final Path binaries;

	private final int port;

	// used by the probe's thread alone
	private @Nullable Connection probe;

	/**
	 * Sets up a server in a directory and starts it.
	 * @param keys how many keys all nodes share
	 */
	Postgres(Path directory, int keys) {
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
		createTables(keys);
	}

	private void createTables(int keys) {
		try (InputStream tables = Objects.requireNonNull(Postgres.class.getResourceAsStream("tables.sql"))) {
			execute(new String(tables.readAllBytes(), StandardCharsets.UTF_8));
			execute("insert into key_state select 'shared-' || n, 0 from generate_series(0, " + keys + ") n");
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
		catch (SQLException ex) {
			throw new IllegalStateException("The tables could not be created", ex);
		}
	}

	/** Where the binaries are, which only the running server can tell. */
	private Path binaries() throws IOException {
		long pid = Long.parseLong(Files.readAllLines(this.data.resolve("postmaster.pid")).get(0).trim());
		String command = ProcessHandle.of(pid).flatMap((process) -> process.info().command()).orElseThrow();
		return Path.of(command).resolveSibling("");
	}

	@Override
	public String name() {
		return "postgres";
	}

	@Override
	public boolean isTransactional() {
		return true;
	}

	@Override
	public List<Kind> faults() {
		return FAULTS;
	}

	@Override
	public void start() {
		pgCtl("start", "-w", "-t", "60", "-l", this.log.toString(), "-o", OPTIONS + " -p " + this.port);
	}

	@Override
	public void stop() {
		stop("fast");
	}

	@Override
	public void kill() {
		stop("immediate");
	}

	private void stop(String mode) {
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

	private String jdbcUrl() {
		return "jdbc:postgresql://localhost:" + this.port + "/postgres";
	}

	/** A connection of the driver, which is not a target of its own chaos. */
	private Connection connect() throws SQLException {
		return DriverManager.getConnection(jdbcUrl() + "?ApplicationName=driver&socketTimeout=20", "postgres", "");
	}

	private void execute(String sql) throws SQLException {
		try (Connection connection = connect(); Statement statement = connection.createStatement()) {
			statement.execute(sql);
		}
	}

	@Override
	public Map<String, String> properties() {
		return Map.of("spring.datasource.url", jdbcUrl(), "spring.datasource.username", "postgres",
				"spring.datasource.password", "");
	}

	/** Terminates one backend. */
	@Override
	public void cutConnections(double chance) {
		try {
			execute("""
					select pg_terminate_backend(pid) from (
						select pid from pg_stat_activity where datname = current_database()
						and application_name <> 'driver' and backend_type = 'client backend'
						order by random() limit 1) as victim""");
		}
		catch (SQLException ex) {
			throw new IllegalStateException(ex);
		}
	}

	/** Leaves a transaction open that has nothing to do with events. */
	@Override
	public void hinder(Kind kind, long millis) throws InterruptedException {
		try (Connection connection = connect(); Statement statement = connection.createStatement()) {
			connection.setAutoCommit(false);
			statement.execute("insert into unrelated values (1)");
			TimeUnit.MILLISECONDS.sleep(millis);
			statement.execute("insert into unrelated values (2)");
			connection.rollback();
		}
		catch (SQLException ex) {
			// the server was stopped meanwhile
		}
	}

	@Override
	public boolean probe() {
		try {
			Connection connection = (this.probe != null) ? this.probe : connect();
			this.probe = connection;
			try (Statement statement = connection.createStatement()) {
				statement.execute("update probe set n = n + 1");
			}
			return true;
		}
		catch (SQLException ex) {
			// stopped by the driver, which writes that down itself
			this.probe = null;
			return false;
		}
	}

	@Override
	public String undone() {
		try (Connection connection = connect()) {
			return PostgresContents.undone(connection);
		}
		catch (SQLException ex) {
			throw new IllegalStateException(ex);
		}
	}

	@Override
	public Contents contents() {
		try (Connection connection = connect()) {
			return PostgresContents.read(connection);
		}
		catch (SQLException ex) {
			throw new IllegalStateException(ex);
		}
	}

	@Override
	public void close() {
		if (Files.exists(this.data.resolve("postmaster.pid"))) {
			kill();
		}
	}

}
