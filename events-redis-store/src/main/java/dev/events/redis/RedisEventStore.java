package dev.events.redis;

import java.time.Instant;

import dev.events.store.Cursors;
import dev.events.store.Deliveries;
import dev.events.store.EventLog;
import dev.events.store.EventStore;
import dev.events.store.Nodes;
import dev.events.store.Processes;
import dev.events.store.Replays;
import dev.events.store.Schedule;
import dev.events.store.Schemas;
import dev.events.store.SubjectKeys;
import dev.events.store.SubscriptionRegistry;
import dev.events.store.RemoteWakeups;
import dev.events.store.Wakeups;

import org.springframework.data.redis.connection.RedisConnectionFactory;

/**
 * Keeps everything in Redis (6.2 or newer) or Valkey: standalone, behind Sentinel, or in
 * one slot of a cluster. Takes part in no transaction: an append is stored on return, as
 * durably as the server's {@code appendfsync} and its replication make it. Connects to
 * where the given connection factory does, on connections of its own. Thread-safe.
 *
 * <pre>{@code
 * EventStore store = new RedisEventStore(connectionFactory, RedisEventStoreSettings.DEFAULT);
 * }</pre>
 */
public final class RedisEventStore implements EventStore, AutoCloseable {

	private final StoreConnection connection;

	private final String name;

	private final RedisEventLog log;

	private final SubscriptionRegistry subscriptions;

	private final Cursors cursors;

	private final Deliveries deliveries;

	private final Replays replays;

	private final Processes processes;

	private final Nodes nodes;

	private final Schedule schedule;

	private final Schemas schemas;

	private final SubjectKeys subjectKeys;

	private final Wakeups wakeups;

	private final RedisCalls calls;

	private final Indexer indexer;

	/**
	 * Connects, and looks at how the server is set up.
	 * @param connectionFactory a {@code LettuceConnectionFactory}
	 * @throws dev.events.EventStoreException when the server cannot be reached
	 * @throws IllegalStateException when the server may evict events, or the factory is
	 * not one of Lettuce
	 */
	public RedisEventStore(RedisConnectionFactory connectionFactory, RedisEventStoreSettings settings) {
		Keys keys = new Keys(settings);
		this.connection = new StoreConnection(connectionFactory, settings.timeout());
		try {
			RedisCalls calls = new RedisCalls(this.connection, keys, settings.timeout());
			ServerCheck server = new ServerCheck(calls);
			server.checkEviction(settings.evictionCheck());
			server.checkPersistence();
			this.name = "redis (" + server.name() + (this.connection.isCluster() ? ", cluster)" : ")");
			this.log = new RedisEventLog(calls, keys);
			this.subscriptions = new RedisSubscriptionRegistry(calls);
			this.cursors = new RedisCursors(calls);
			this.deliveries = new RedisDeliveries(calls);
			this.replays = new RedisReplays(calls);
			this.processes = new RedisProcesses(calls);
			this.nodes = new RedisNodes(calls);
			this.schedule = new RedisSchedule(calls, keys);
			this.schemas = new RedisSchemas(calls, keys);
			this.subjectKeys = new RedisSubjectKeys(calls, keys);
			this.calls = calls;
			this.wakeups = new RemoteWakeups(new PublishChannel(this.connection, keys), PublishChannel.PAUSE);
			this.indexer = new Indexer(calls);
			if (settings.index()) {
				this.indexer.start();
			}
		}
		catch (RuntimeException ex) {
			this.connection.close();
			throw ex;
		}
	}

	@Override
	public String name() {
		return this.name;
	}

	@Override
	public EventLog log() {
		return this.log;
	}

	@Override
	public SubscriptionRegistry subscriptions() {
		return this.subscriptions;
	}

	@Override
	public Cursors cursors() {
		return this.cursors;
	}

	@Override
	public Deliveries deliveries() {
		return this.deliveries;
	}

	@Override
	public Replays replays() {
		return this.replays;
	}

	@Override
	public Processes processes() {
		return this.processes;
	}

	@Override
	public Nodes nodes() {
		return this.nodes;
	}

	@Override
	public Instant now() {
		return this.calls.run("read the time", Script.TIME, new Arguments()).instant(0);
	}

	@Override
	public Schedule schedule() {
		return this.schedule;
	}

	@Override
	public Schemas schemas() {
		return this.schemas;
	}

	@Override
	public SubjectKeys subjectKeys() {
		return this.subjectKeys;
	}

	@Override
	public Wakeups wakeups() {
		return this.wakeups;
	}

	/** Closes the store's own connections, not those of the factory. */
	@Override
	public void close() {
		this.indexer.close();
		this.connection.close();
	}

}
