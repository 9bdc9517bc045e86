package dev.events.test.postgres;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ServerSocket;
import java.util.List;

import org.testcontainers.postgresql.PostgreSQLContainer;

/**
 * The server in a container. Its port on the host is chosen here, because one chosen by
 * Docker changes when the container is started again.
 */
final class ContainerBackend implements PostgresServer.Backend {

	private static final String USER = "postgres";

	private static final String PASSWORD = "postgres";

	private final int port = freePort();

	private final PostgreSQLContainer container = new PostgreSQLContainer("postgres:18-alpine").withUsername(USER)
		.withPassword(PASSWORD)
		.withCommand("postgres", "-c", "max_connections=200", "-c", "fsync=off");

	private boolean created;

	@Override
	public synchronized void start() {
		if (this.created) {
			this.container.getDockerClient().startContainerCmd(this.container.getContainerId()).exec();
			return;
		}
		this.container.setPortBindings(List.of(this.port + ":" + PostgreSQLContainer.POSTGRESQL_PORT));
		this.container.start();
		this.created = true;
	}

	@Override
	public synchronized void stop() {
		this.container.getDockerClient().stopContainerCmd(this.container.getContainerId()).exec();
	}

	@Override
	public synchronized void crash() {
		this.container.getDockerClient().killContainerCmd(this.container.getContainerId()).withSignal("QUIT").exec();
	}

	@Override
	public synchronized void delete() {
		this.container.stop();
	}

	@Override
	public PostgresDatabase database(String name) {
		String url = "jdbc:postgresql://" + this.container.getHost() + ":" + this.port + "/" + name;
		return new PostgresDatabase(name, url, USER, PASSWORD);
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
