package dev.events.test.postgres;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;

/**
 * The server's binaries, run in a process of this machine.
 */
final class EmbeddedBackend implements PostgresServer.Backend {

	private static final String USER = "postgres";

	private final Path directory;

	private final int port;

	private @Nullable EmbeddedPostgres server;

	EmbeddedBackend() {
		try (ServerSocket socket = new ServerSocket(0)) {
			this.port = socket.getLocalPort();
			this.directory = Files.createTempDirectory("events-postgres-");
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
		Runtime.getRuntime().addShutdownHook(new Thread(this::deleteQuietly));
	}

	@Override
	public synchronized void start() {
		if (this.server != null) {
			return;
		}
		try {
			this.server = EmbeddedPostgres.builder()
				.setPort(this.port)
				.setDataDirectory(this.directory)
				.setCleanDataDirectory(false)
				.setRegisterShutdownHook(false)
				.setPGStartupWait(Duration.ofSeconds(60))
				.setServerConfig("max_connections", "200")
				// as in production: the default of this library is off
				.setServerConfig("synchronous_commit", "on")
				.start();
		}
		catch (IOException ex) {
			throw new UncheckedIOException("The embedded PostgreSQL did not start", ex);
		}
	}

	@Override
	public synchronized void stop() {
		EmbeddedPostgres running = this.server;
		if (running == null) {
			return;
		}
		this.server = null;
		try {
			running.close();
		}
		catch (IOException ex) {
			throw new UncheckedIOException("The embedded PostgreSQL did not stop", ex);
		}
	}

	@Override
	public synchronized void crash() {
		try {
			long pid = Long.parseLong(Files.readAllLines(this.directory.resolve("postmaster.pid")).get(0).trim());
			// what pg_ctl does for an immediate shutdown
			new ProcessBuilder("kill", "-QUIT", Long.toString(pid)).inheritIO().start().waitFor();
			awaitEnd(pid);
			stop();
		}
		catch (IOException ex) {
			throw new UncheckedIOException("The embedded PostgreSQL could not be killed", ex);
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			throw new IllegalStateException("Interrupted while the embedded PostgreSQL was killed", ex);
		}
	}

	/** Not by {@code onExit()}, which needs a thread of the common pool since JDK 25. */
	private static void awaitEnd(long pid) {
		Awaitility.await()
			.pollInterval(Duration.ofMillis(10))
			.atMost(Duration.ofSeconds(60))
			.until(() -> ProcessHandle.of(pid).filter(ProcessHandle::isAlive).isEmpty());
	}

	@Override
	public synchronized void delete() {
		stop();
		try (Stream<Path> files = Files.walk(this.directory)) {
			List<Path> deepestFirst = files.sorted(Comparator.reverseOrder()).toList();
			for (Path file : deepestFirst) {
				Files.deleteIfExists(file);
			}
		}
		catch (IOException ex) {
			throw new UncheckedIOException("Could not delete " + this.directory, ex);
		}
	}

	private void deleteQuietly() {
		if (Files.exists(this.directory)) {
			delete();
		}
	}

	@Override
	public PostgresDatabase database(String name) {
		return new PostgresDatabase(name, "jdbc:postgresql://localhost:" + this.port + "/" + name, USER, "");
	}

}
