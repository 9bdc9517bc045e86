package dev.events.jdbc;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import dev.events.bus.DurableEventBus;
import dev.events.store.EventRecord;
import dev.events.store.StoredEvent;
import dev.events.test.postgres.PostgresDatabase;
import dev.events.test.store.EventRecords;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Several nodes on one PostgreSQL that schedule and cancel in transactions, long ones and
 * such as are rolled back, and release, while connections are broken and nodes stopped at
 * random. What must hold: what was committed comes into the log once, or never when its
 * cancellation was committed, and each key in the order of the due times.
 */
@Timeout(120)
class SeveralNodesScheduleTests {

	private static final int KEYS = 6;

	private static final int TRANSACTIONS = 100;

	private static final int BROKEN = 10;

	private static final int CANCELLED = 20;

	private final PostgresDatabase database = JdbcStoreFixture.newPostgresDatabase();

	private final Set<UUID> scheduled = ConcurrentHashMap.newKeySet();

	private final Set<UUID> rolledBack = ConcurrentHashMap.newKeySet();

	private final Set<UUID> cancelled = ConcurrentHashMap.newKeySet();

	/** Those of which nobody knows whether it was committed. */
	private final Set<UUID> uncertain = ConcurrentHashMap.newKeySet();

	private final List<UUID> all = new CopyOnWriteArrayList<>();

	private final AtomicInteger broken = new AtomicInteger();

	@ParameterizedTest
	@ValueSource(longs = { 1, 2 })
	void whatIsScheduledComesOnceAndWhatIsCancelledNever(long seed) throws Exception {
		new EventsSchema(this.database.dataSource(), JdbcEventStoreSettings.DEFAULT).migrate();
		List<Node> nodes = List.of(new Node(), new Node(), new Node());
		ExecutorService threads = Executors.newCachedThreadPool();
		try (Connection administration = this.database.dataSource().getConnection()) {
			nodes.forEach((node) -> node.bus.start());
			List<Future<?>> applications = new ArrayList<>();
			for (int key = 0; key < KEYS; key++) {
				Application application = new Application("k" + key, nodes, new Random(31 * seed + key));
				applications.add(threads.submit(application::run));
			}
			Random random = new Random(seed);
			while (!applications.stream().allMatch(Future::isDone)) {
				DurableEventBus node = nodes.get(random.nextInt(nodes.size())).bus;
				switch (random.nextInt(4)) {
					case 0 -> node.stop();
					case 1 -> node.start();
					default -> this.broken.addAndGet(breakConnection(administration));
				}
				pause(random, 60);
			}
			for (Future<?> application : applications) {
				application.get();
			}
			nodes.forEach((node) -> node.bus.start());
			await().atMost(Duration.ofSeconds(60)).until(() -> nodes.get(0).store.schedule().count() == 0);
			assertThat(this.broken).as("broken connections").hasValueGreaterThan(BROKEN);
			assertThat(this.cancelled).as("cancelled").hasSizeGreaterThan(CANCELLED);
			verify(nodes.get(0).store.log().read(0, Long.MAX_VALUE, 100_000));
		}
		finally {
			threads.shutdownNow();
			nodes.forEach(Node::close);
		}
	}

	private static int breakConnection(Connection administration) throws Exception {
		try (Statement statement = administration.createStatement()) {
			ResultSet terminated = statement.executeQuery(
					"select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database()"
							+ " and pid <> pg_backend_pid() and state <> 'idle' order by random() limit 1");
			return terminated.next() ? 1 : 0;
		}
	}

	private void verify(List<StoredEvent> log) {
		Map<UUID, Integer> times = new HashMap<>();
		Map<String, Integer> last = new HashMap<>();
		for (StoredEvent stored : log) {
			EventRecord event = stored.event();
			times.merge(event.id(), 1, Integer::sum);
			int number = Integer.parseInt(event.data());
			Integer before = last.put(String.valueOf(event.key()), number);
			assertThat(number).as("behind it in %s", event.key()).isGreaterThan((before != null) ? before : -1);
		}
		assertThat(times.values()).containsOnly(1);
		assertThat(times.keySet()).doesNotContainAnyElementsOf(this.cancelled)
			.doesNotContainAnyElementsOf(this.rolledBack);
		this.scheduled.removeAll(this.cancelled);
		this.scheduled.removeAll(this.uncertain);
		assertThat(times.keySet()).containsAll(this.scheduled);
	}

	private static void pause(Random random, int mostMillis) {
		LockSupport.parkNanos(random.nextInt(1 + mostMillis * 1_000_000));
	}

	private final class Node {

		private final HikariDataSource pool = new HikariDataSource(config());

		private final JdbcEventStore store = new JdbcEventStore(this.pool, JdbcEventStoreSettings.DEFAULT);

		private final TransactionTemplate transaction = new TransactionTemplate(new JdbcTransactionManager(this.pool));

		private final DurableEventBus bus = DurableEventBus.builder(this.store).source("test").build();

		private HikariConfig config() {
			HikariConfig config = new HikariConfig();
			config.setJdbcUrl(SeveralNodesScheduleTests.this.database.jdbcUrl());
			config.setUsername(SeveralNodesScheduleTests.this.database.user());
			config.setPassword(SeveralNodesScheduleTests.this.database.password());
			config.setMaximumPoolSize(8);
			return config;
		}

		void close() {
			this.bus.close();
			this.pool.close();
		}

	}

	/** Schedules what belongs to one key, and cancels what belongs to any. */
	private final class Application {

		private final String key;

		private final List<Node> nodes;

		private final Random random;

		private Instant due = Instant.EPOCH;

		private int number;

		Application(String key, List<Node> nodes, Random random) {
			this.key = key;
			this.nodes = nodes;
			this.random = random;
		}

		void run() {
			for (int i = 0; i < TRANSACTIONS || goesOn() && i < 20 * TRANSACTIONS; i++) {
				Node node = this.nodes.get(this.random.nextInt(this.nodes.size()));
				List<UUID> added = new ArrayList<>();
				List<UUID> taken = new ArrayList<>();
				boolean commits = this.random.nextInt(4) > 0;
				try {
					node.transaction.executeWithoutResult((status) -> {
						schedule(node, added);
						cancel(node, taken);
						pause(this.random, 40);
						if (!commits) {
							status.setRollbackOnly();
						}
					});
					(commits ? SeveralNodesScheduleTests.this.scheduled : SeveralNodesScheduleTests.this.rolledBack)
						.addAll(added);
					if (commits) {
						SeveralNodesScheduleTests.this.cancelled.addAll(taken);
					}
				}
				catch (RuntimeException ex) {
					SeveralNodesScheduleTests.this.uncertain.addAll(added);
					SeveralNodesScheduleTests.this.uncertain.addAll(taken);
				}
				SeveralNodesScheduleTests.this.all.addAll(added);
			}
		}

		/** Until enough has happened, but not for ever. */
		private boolean goesOn() {
			return SeveralNodesScheduleTests.this.broken.get() <= BROKEN
					|| SeveralNodesScheduleTests.this.cancelled.size() <= CANCELLED;
		}

		private void schedule(Node node, List<UUID> added) {
			Instant next = Instant.now().truncatedTo(ChronoUnit.MICROS).plusMillis(this.random.nextInt(80));
			this.due = next.isAfter(this.due) ? next : this.due;
			for (int i = 0; i <= this.random.nextInt(3); i++) {
				EventRecord event = EventRecords.event("a").key(this.key).data("" + this.number++).build();
				added.add(event.id());
				node.store.schedule().add(List.of(event), this.due);
			}
		}

		private void cancel(Node node, List<UUID> taken) {
			List<UUID> known = SeveralNodesScheduleTests.this.all;
			int size = known.size();
			for (int i = 0; i < this.random.nextInt(3) && size > 0; i++) {
				UUID id = known.get(Math.max(0, size - 1 - this.random.nextInt(15)));
				if (node.store.schedule().cancel(id)) {
					taken.add(id);
				}
			}
		}

	}

}
