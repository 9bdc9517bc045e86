package dev.events.test.redis;

import java.util.List;

import org.testcontainers.DockerClientFactory;

/**
 * A running Redis for tests: the binary that the system property
 * {@code events.test.redis-server} names, if it is set; else a container where a Docker
 * engine answers or {@code events.test.redis-image} names its image, else the embedded
 * binary, also as root. Keeps an append-only file. Thread-safe.
 */
public final class RedisServer implements AutoCloseable {

	private final RedisBackend backend;

	private RedisServer(RedisBackend backend) {
		this.backend = backend;
		backend.start();
	}

	/**
	 * The server that all tests of this JVM share, started on the first call. Each of
	 * them uses keys of its own. It ends with the JVM and must not be stopped; for tests
	 * that need that there is {@link #dedicated}.
	 */
	public static RedisServer shared() {
		return Shared.SERVER;
	}

	/**
	 * Starts a server for one test alone, which may stop and start it and has to close
	 * it.
	 * @param settings names and values in the form of the command line, for example
	 * {@code --appendfsync always}, each in an argument of its own
	 */
	public static RedisServer dedicated(String... settings) {
		boolean container = !ProcessBackend.isBinaryGiven()
				&& (RedisContainer.isImageGiven() || DockerClientFactory.instance().isDockerAvailable());
		return new RedisServer(
				container ? new RedisContainer(List.of(settings)) : new ProcessBackend(List.of(settings)));
	}

	/** Host to connect to. */
	public String host() {
		return this.backend.host();
	}

	/** Port to connect to; always the same one. */
	public int port() {
		return this.backend.port();
	}

	/**
	 * Sends one command on a connection of its own.
	 * @return the answer, lists with one item a line
	 * @throws IllegalStateException when the server answers with an error or not at all
	 */
	public String execute(String... command) {
		return RedisProtocol.execute(host(), port(), command);
	}

	/** Stops the server in order; its data stays. Only for dedicated servers. */
	public void stop() {
		requireDedicated();
		this.backend.signal("TERM");
		this.backend.awaitEnd();
	}

	/** Kills the server's process ({@code kill -9}). Only for dedicated servers. */
	public void crash() {
		requireDedicated();
		this.backend.signal("KILL");
		this.backend.awaitEnd();
	}

	/** Lets the process sleep: connections stay, nothing is answered. */
	public void pause() {
		requireDedicated();
		this.backend.signal("STOP");
	}

	/** Wakes it from {@link #pause}. */
	public void resume() {
		requireDedicated();
		this.backend.signal("CONT");
	}

	/** Starts a stopped server again, with the data it has saved, on the same port. */
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
			throw new IllegalStateException("Other tests use the shared server; take RedisServer.dedicated()");
		}
	}

	private static final class Shared {

		static final RedisServer SERVER = dedicated();

	}

}
