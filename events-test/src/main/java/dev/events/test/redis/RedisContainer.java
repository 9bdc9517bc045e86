package dev.events.test.redis;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ServerSocket;
import java.util.ArrayList;
import java.util.List;

import org.testcontainers.containers.GenericContainer;

/**
 * The server in a container. Its port on the host is chosen here, because one chosen by
 * Docker changes when the container is started again.
 */
final class RedisContainer implements RedisBackend {

	private static final String IMAGE = "events.test.redis-image";

	private static final int PORT = 6379;

	private final int port = freePort();

	private final GenericContainer<?> container;

	private boolean created;

	@SuppressWarnings("resource")
	RedisContainer(List<String> settings) {
		List<String> command = new ArrayList<>(List.of("redis-server", "--save", "", "--appendonly", "yes"));
		command.addAll(settings);
		this.container = new GenericContainer<>(System.getProperty(IMAGE, "redis:8-alpine")).withExposedPorts(PORT)
			.withCommand(command.toArray(String[]::new));
	}

	/** Whether somebody insists on a container. */
	static boolean isImageGiven() {
		return System.getProperty(IMAGE) != null;
	}

	@Override
	public synchronized void start() {
		if (this.created) {
			this.container.getDockerClient().startContainerCmd(this.container.getContainerId()).exec();
			while (!RedisProtocol.isAnswering(host(), port())) {
				Thread.onSpinWait();
			}
			return;
		}
		this.container.setPortBindings(List.of(this.port + ":" + PORT));
		this.container.start();
		this.created = true;
	}

	@Override
	public synchronized void signal(String name) {
		this.container.getDockerClient().killContainerCmd(this.container.getContainerId()).withSignal(name).exec();
	}

	@Override
	public synchronized void awaitEnd() {
		while (this.container.isRunning()) {
			Thread.onSpinWait();
		}
	}

	@Override
	public synchronized void delete() {
		this.container.stop();
	}

	@Override
	public String host() {
		return this.container.getHost();
	}

	@Override
	public int port() {
		return this.port;
	}

	private static int freePort() {
		try (ServerSocket socket = new ServerSocket(0)) {
			return socket.getLocalPort();
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

}
