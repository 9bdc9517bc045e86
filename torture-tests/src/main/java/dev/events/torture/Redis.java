package dev.events.torture;

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
			Kind.SCRIPTS_FLUSHED, Kind.SERVER_KILLED, Kind.CLIENTS_PAUSED);

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

	@Override
	public void kill() {
		this.server.crash();
	}

	@Override
	public void cutConnections(double chance) {
		if (chance < 0.2) {
			this.server.execute("CLIENT", "KILL", "TYPE", "normal", "SKIPME", "yes");
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

	@Override
	public void hinder(Kind kind, long millis) throws InterruptedException {
		if (kind == Kind.CLIENTS_PAUSED) {
			pause(millis);
		}
		else {
			forgetScripts(System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(millis));
		}
	}

	/** Half of the time only those who write wait. */
	private void pause(long millis) throws InterruptedException {
		this.pauses.incrementAndGet();
		try {
			this.server.execute("CLIENT", "PAUSE", Long.toString(millis),
					ThreadLocalRandom.current().nextBoolean() ? "ALL" : "WRITE");
			TimeUnit.MILLISECONDS.sleep(millis);
		}
		finally {
			this.pauses.incrementAndGet();
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
					new RedisEventStoreSettings("events", Duration.ofSeconds(10), EvictionCheck.FAIL));
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
