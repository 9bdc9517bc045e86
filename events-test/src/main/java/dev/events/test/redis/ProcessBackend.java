package dev.events.test.redis;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

import org.jspecify.annotations.Nullable;
import redis.embedded.core.ExecutableProvider;

/**
 * The server as a process of this machine.
 */
final class ProcessBackend implements RedisBackend {

	private static final String BINARY = "events.test.redis-server";

	// the bus of a cluster is 10000 above it
	private static final int HIGHEST_PORT = 55_000;

	private static final Duration START_PATIENCE = Duration.ofSeconds(30);

	private final List<String> settings;

	private final Path directory;

	private int port;

	private @Nullable Process process;

	private final boolean sentinel;

	ProcessBackend(List<String> settings) {
		this(settings, false);
	}

	private ProcessBackend(List<String> settings, boolean sentinel) {
		this.settings = settings;
		this.sentinel = sentinel;
		try {
			this.directory = Files.createTempDirectory("events-redis-");
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
		Runtime.getRuntime().addShutdownHook(new Thread(this::delete));
	}

	/**
	 * The same binary as a sentinel.
	 * @param configuration lines of its file
	 */
	static ProcessBackend sentinel(List<String> configuration) {
		return new ProcessBackend(configuration, true);
	}

	static boolean isBinaryGiven() {
		return System.getProperty(BINARY) != null;
	}

	@Override
	public synchronized void start() {
		boolean first = this.port == 0;
		for (int tries = 0; tries < 20; tries++) {
			if (first) {
				this.port = freePort();
			}
			if (startOn(this.port)) {
				return;
			}
		}
		throw new IllegalStateException("Redis did not start: " + log());
	}

	/**
	 * Whether it answers; if not, its port was taken meanwhile, perhaps by another test.
	 */
	private boolean startOn(int port) {
		try {
			Process started = new ProcessBuilder(this.sentinel ? sentinelCommand(port) : command(port))
				.redirectErrorStream(true)
				.redirectOutput(ProcessBuilder.Redirect.appendTo(logFile()))
				.start();
			this.process = started;
			return awaitAnswer(started, port);
		}
		catch (IOException ex) {
			throw new UncheckedIOException("Redis did not start", ex);
		}
	}

	private List<String> command(int port) {
		List<String> command = new ArrayList<>(List.of(Binary.FILE.toString(), "--port", String.valueOf(port), "--bind",
				"127.0.0.1", "--dir", this.directory.toString(), "--save", "", "--appendonly", "yes"));
		command.addAll(this.settings);
		return command;
	}

	/** A sentinel keeps what it knows in its file, which it writes itself. */
	private List<String> sentinelCommand(int port) throws IOException {
		Path file = this.directory.resolve("sentinel.conf");
		if (!Files.exists(file)) {
			List<String> lines = new ArrayList<>(List.of("port " + port, "bind 127.0.0.1", "dir " + this.directory));
			lines.addAll(this.settings);
			Files.write(file, lines);
		}
		return List.of(Binary.FILE.toString(), file.toString(), "--sentinel");
	}

	private boolean awaitAnswer(Process started, int port) {
		long end = System.nanoTime() + START_PATIENCE.toNanos();
		while (started.isAlive() && System.nanoTime() < end) {
			if (RedisProtocol.isAnswering(host(), port)
					&& RedisProtocol.execute(host(), port, "INFO", "server").contains("process_id:" + started.pid())) {
				return true;
			}
			waitFor(started, 10);
		}
		return false;
	}

	@Override
	public synchronized void signal(String name) {
		try {
			new ProcessBuilder("kill", "-" + name, String.valueOf(process().pid())).inheritIO().start().waitFor();
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			throw new IllegalStateException(ex);
		}
	}

	@Override
	public synchronized void awaitEnd() {
		awaitEnd(process());
	}

	@Override
	public synchronized void delete() {
		if (this.process != null) {
			awaitEnd(this.process.destroyForcibly());
		}
		if (!Files.exists(this.directory)) {
			return;
		}
		try (Stream<Path> files = Files.walk(this.directory)) {
			for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
				Files.deleteIfExists(file);
			}
		}
		catch (IOException ex) {
			throw new UncheckedIOException("Could not delete " + this.directory, ex);
		}
	}

	@Override
	public String host() {
		return "127.0.0.1";
	}

	@Override
	public int port() {
		return this.port;
	}

	private Process process() {
		if (this.process == null) {
			throw new IllegalStateException("Redis was not started");
		}
		return this.process;
	}

	private File logFile() {
		return this.directory.resolve("redis.log").toFile();
	}

	private String log() {
		try {
			return Files.readString(logFile().toPath());
		}
		catch (IOException ex) {
			return "no log";
		}
	}

	/**
	 * Not by {@link Process#onExit()}: since JDK 25 that needs a thread of the common
	 * pool, of which there is one on a small machine, and a test may have taken it.
	 */
	private static void awaitEnd(Process process) {
		try {
			process.waitFor();
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			throw new IllegalStateException("Interrupted while Redis ends", ex);
		}
	}

	private static void waitFor(Process process, long millis) {
		try {
			process.waitFor(millis, TimeUnit.MILLISECONDS);
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			throw new IllegalStateException(ex);
		}
	}

	private static int freePort() {
		while (true) {
			try (ServerSocket socket = new ServerSocket(0)) {
				if (socket.getLocalPort() <= HIGHEST_PORT) {
					return socket.getLocalPort();
				}
			}
			catch (IOException ex) {
				throw new UncheckedIOException(ex);
			}
		}
	}

	/**
	 * The server's binary, unpacked once.
	 */
	private static final class Binary {

		static final File FILE = find();

		private static File find() {
			String given = System.getProperty(BINARY);
			if (given != null) {
				return new File(given);
			}
			try {
				return ExecutableProvider.newJarResourceProvider().get();
			}
			catch (IOException ex) {
				throw new UncheckedIOException("There is no Redis for this machine", ex);
			}
		}

	}

}
