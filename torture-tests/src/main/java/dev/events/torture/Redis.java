package dev.events.torture;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

import dev.events.redis.RedisEventStore;
import dev.events.redis.RedisEventStoreSettings;
import dev.events.redis.RedisEventStoreSettings.EvictionCheck;
import dev.events.test.redis.RedisServer;
import dev.events.torture.check.Fault.Kind;
import org.jspecify.annotations.Nullable;

import org.springframework.data.redis.connection.RedisStandaloneConfiguration;
import org.springframework.data.redis.connection.lettuce.LettuceConnectionFactory;

/**
 * A Redis that has answered nothing that it has not written to its append-only file.
 */
final class Redis implements Server {

	private static final List<Kind> FAULTS = List.of(Kind.SERVER_STOPPED, Kind.CUT_CONNECTIONS, Kind.CLIENTS_PAUSED,
			Kind.SERVER_PAUSED, Kind.SCRIPTS_FLUSHED, Kind.SERVER_KILLED);

	// some tenths of a second
	private static final String BUSY = "EVAL \"for i = 1, 30000000 do end\" 0";

	private final RedisServer server = RedisServer.dedicated("--appendonly", "yes", "--appendfsync", "always");

	// odd while clients are paused
	private final AtomicInteger pauses = new AtomicInteger();

	private @Nullable LettuceConnectionFactory connections;

	private @Nullable RedisEventStore store;

	@Override
	public String name() {
		return "redis";
	}

	@Override
	public boolean isTransactional() {
		return false;
	}

	@Override
	public List<Kind> faults() {
		return FAULTS;
	}

	@Override
	public Map<String, String> properties() {
		return Map.of("spring.data.redis.host", this.server.host(), "spring.data.redis.port",
				Integer.toString(this.server.port()));
	}

	@Override
	public void start() {
		this.server.start();
	}

	@Override
	public void stop() {
		this.server.stop();
	}

	/** Nobody hears what it did last, nor gets a second chance to ask. */
	@Override
	public void kill() {
		loseAnswers(BUSY);
		this.server.crash();
	}

	@Override
	public void cutConnections(double chance) {
		if (chance < 0.2) {
			loseAnswers("PING");
			return;
		}
		List<String> clients = this.server.execute("CLIENT", "LIST")
			.lines()
			.filter((line) -> line.startsWith("id="))
			.map((line) -> line.substring(3, line.indexOf(' ')))
			.toList();
		// may be our own, which has ended meanwhile: then nobody is found
		this.server.execute("CLIENT", "KILL", "ID", clients.get((int) (chance * clients.size())));
	}

	/**
	 * Cuts all connections after the server has done what it was asked on them, and
	 * before it has said so: it stands still for a moment, in which commands pile up;
	 * then it does all of them, and the last one, ours, before it sends the first answer.
	 * @param next what it does next, before anybody else is back
	 */
	private void loseAnswers(String next) {
		try (Socket socket = new Socket(this.server.host(), this.server.port())) {
			socket.setSoTimeout(5000);
			tell(socket, "PING");
			hear(socket);
			this.server.pause();
			try {
				TimeUnit.MILLISECONDS.sleep(ThreadLocalRandom.current().nextInt(50, 250));
				tell(socket, "CLIENT KILL TYPE normal SKIPME yes");
			}
			finally {
				this.server.resume();
			}
			hear(socket);
			tell(socket, next);
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
	}

	private static void tell(Socket socket, String command) throws IOException {
		socket.getOutputStream().write((command + "\r\n").getBytes(StandardCharsets.US_ASCII));
	}

	private static void hear(Socket socket) throws IOException {
		InputStream answer = socket.getInputStream();
		int next = answer.read();
		while (next >= 0 && next != '\n') {
			next = answer.read();
		}
	}

	@Override
	public void hinder(Kind kind, long millis) throws InterruptedException {
		if (kind == Kind.SCRIPTS_FLUSHED) {
			forgetScripts(System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(millis));
			return;
		}
		this.pauses.incrementAndGet();
		try {
			if (kind == Kind.CLIENTS_PAUSED) {
				pauseClients(millis);
			}
			else {
				standStill(millis);
			}
		}
		finally {
			this.pauses.incrementAndGet();
		}
	}

	/** Half of the time only those who write wait. */
	private void pauseClients(long millis) throws InterruptedException {
		this.server.execute("CLIENT", "PAUSE", Long.toString(millis),
				ThreadLocalRandom.current().nextBoolean() ? "ALL" : "WRITE");
		TimeUnit.MILLISECONDS.sleep(millis);
	}

	private void standStill(long millis) throws InterruptedException {
		this.server.pause();
		try {
			TimeUnit.MILLISECONDS.sleep(millis);
		}
		finally {
			this.server.resume();
		}
	}

	private void forgetScripts(long end) throws InterruptedException {
		while (System.nanoTime() - end < 0) {
			this.server.execute("SCRIPT", "FLUSH");
			TimeUnit.MILLISECONDS.sleep(ThreadLocalRandom.current().nextInt(1, 50));
		}
	}

	@Override
	public boolean probe() {
		int before = this.pauses.get();
		try {
			this.server.execute("INCR", "probe");
			return before % 2 == 0 && before == this.pauses.get();
		}
		catch (IllegalStateException ex) {
			// stopped by the driver, which writes that down itself
			return false;
		}
	}

	@Override
	public String undone() {
		return RedisContents.undone(store());
	}

	@Override
	public Contents contents() {
		return RedisContents.read(store());
	}

	private synchronized RedisEventStore store() {
		if (this.store == null) {
			LettuceConnectionFactory factory = new LettuceConnectionFactory(
					new RedisStandaloneConfiguration(this.server.host(), this.server.port()));
			factory.afterPropertiesSet();
			factory.start();
			this.connections = factory;
			this.store = new RedisEventStore(factory,
					new RedisEventStoreSettings("events", Duration.ofSeconds(10), EvictionCheck.FAIL, true));
		}
		return this.store;
	}

	@Override
	public synchronized void close() {
		if (this.store != null) {
			this.store.close();
		}
		if (this.connections != null) {
			this.connections.destroy();
		}
		this.server.close();
	}

}
