package dev.events.jdbc;

import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import dev.events.store.Wakeups.Kind;
import dev.events.store.Wakeups.Listening;
import dev.events.test.postgres.PostgresDatabase;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.parallel.Isolated;
import org.slf4j.LoggerFactory;
import org.springframework.jdbc.core.simple.JdbcClient;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Nodes on one PostgreSQL that notify each other, each with a pool and a store object of
 * its own, as in processes of their own.
 */
@Isolated("reads the log of all stores")
@Timeout(60)
class NotificationTests {

	private static PostgresDatabase database;

	private final List<HikariDataSource> pools = new ArrayList<>();

	private final List<Listening> listenings = new ArrayList<>();

	private final ListAppender<ILoggingEvent> log = new ListAppender<>();

	@BeforeAll
	static void createDatabase() {
		database = JdbcStoreFixture.newPostgresDatabase();
		try (HikariDataSource pool = pool(new HikariConfig())) {
			new EventsSchema(pool, JdbcEventStoreSettings.DEFAULT).migrate();
			new EventsSchema(pool, new JdbcEventStoreSettings(null, "shop_", Duration.ofMinutes(1))).migrate();
			new EventsSchema(pool, new JdbcEventStoreSettings("own", "", Duration.ofMinutes(1))).migrate();
		}
	}

	@BeforeEach
	void watchLog() {
		this.log.start();
		packageLogger().setLevel(Level.INFO);
		packageLogger().addAppender(this.log);
	}

	@AfterEach
	void close() {
		this.listenings.forEach(Listening::close);
		this.pools.forEach(HikariDataSource::close);
		packageLogger().detachAppender(this.log);
		packageLogger().setLevel(null);
	}

	private static Logger packageLogger() {
		return (Logger) LoggerFactory.getLogger("dev.events.jdbc");
	}

	@Test
	void everyKindReachesTheOtherNode() {
		JdbcEventStore first = store();
		List<Kind> heard = listening("n2", store());
		for (Kind kind : Kind.values()) {
			first.wakeups().signal("n1", kind);
			await().untilAsserted(() -> assertThat(heard).contains(kind));
		}
	}

	@Test
	void ownNotificationsAreNotHeard() {
		JdbcEventStore first = store();
		List<Kind> own = listening("n1", first);
		List<Kind> heard = listening("n2", store());
		for (int i = 1; i <= 5; i++) {
			int times = i;
			first.wakeups().signal("n1", Kind.EVENTS);
			await().untilAsserted(() -> assertThat(heard).hasSize(times));
		}
		assertThat(own).isEmpty();
	}

	@Test
	void nodesOfOneStoreObjectHearEachOtherAndThoseOfOthers() {
		JdbcEventStore shared = store();
		List<Kind> first = listening("n1", shared);
		List<Kind> second = new CopyOnWriteArrayList<>();
		this.listenings.add(shared.wakeups().listen("n2", second::add));
		shared.wakeups().signal("n2", Kind.EVENTS);
		assertThat(first).contains(Kind.EVENTS);
		first.clear();
		second.clear();
		store().wakeups().signal("n3", Kind.DELIVERIES);
		await().untilAsserted(() -> assertThat(first).contains(Kind.DELIVERIES));
		await().untilAsserted(() -> assertThat(second).contains(Kind.DELIVERIES));
	}

	@Test
	void applicationsInOneDatabaseDoNotWakeEachOther() {
		List<Kind> plain = listening("n1", store());
		JdbcEventStoreSettings shop = new JdbcEventStoreSettings(null, "shop_", Duration.ofMinutes(1));
		JdbcEventStoreSettings own = new JdbcEventStoreSettings("own", "", Duration.ofMinutes(1));
		List<Kind> prefixed = listening("n2", store(pool(), shop));
		List<Kind> elsewhere = listening("n3", store(pool(), own));
		JdbcEventStore publisher = store(pool(), shop);
		publisher.wakeups().signal("n4", Kind.EVENTS);
		await().untilAsserted(() -> assertThat(prefixed).contains(Kind.EVENTS));
		assertThat(plain).isEmpty();
		assertThat(elsewhere).isEmpty();
	}

	@Test
	void itDoesNotMatterByWhichSearchPathTheTableIsFound() {
		HikariConfig bySearchPath = new HikariConfig();
		bySearchPath.setSchema("own");
		JdbcEventStore publisher = store(pool(bySearchPath), JdbcEventStoreSettings.DEFAULT);
		List<Kind> heard = listening("n2", store(pool(), new JdbcEventStoreSettings("own", "", Duration.ofMinutes(1))));
		publisher.wakeups().signal("n1", Kind.EVENTS);
		await().untilAsserted(() -> assertThat(heard).contains(Kind.EVENTS));
	}

	@Test
	void manySignalsArePutTogetherAndTheLastIsHeard() {
		JdbcEventStore first = store();
		List<Kind> heard = listening("n2", store());
		long begin = System.nanoTime();
		int signals = 0;
		while (System.nanoTime() - begin < Duration.ofSeconds(1).toNanos() || signals < 5000) {
			first.wakeups().signal("n1", Kind.EVENTS);
			signals++;
		}
		first.wakeups().signal("n1", Kind.DELIVERIES);
		await().untilAsserted(() -> assertThat(heard).contains(Kind.DELIVERIES));
		// one every 5 ms at most, and not all of them at the end
		long millis = Duration.ofNanos(System.nanoTime() - begin).toMillis();
		assertThat(heard).hasSizeBetween(2, (int) Math.min(signals / 2, 20 + millis / 5));
	}

	@Test
	void whenTheConnectionIsCutAnotherIsTakenAndNothingIsMissed() {
		JdbcEventStore first = store();
		List<Kind> heard = listening("n2", store());
		for (int cut = 1; cut <= 3; cut++) {
			heard.clear();
			assertThat(cutListeners()).isEqualTo(1);
			await().untilAsserted(
					() -> assertThat(heard).as("what may have been missed").containsAll(EnumSet.allOf(Kind.class)));
			heard.clear();
			first.wakeups().signal("n1", Kind.EVENTS);
			await().untilAsserted(() -> assertThat(heard).contains(Kind.EVENTS));
		}
		assertThat(messages("WARN")).singleElement().asString().contains("found by polling only until");
		assertThat(messages("INFO")).filteredOn((line) -> line.contains("listened to again")).hasSize(1);
	}

	@Test
	void whoEndsHasSentEverythingAndGivesItsConnectionBackAsItWas() {
		List<Kind> heard = listening("n2", store());
		HikariConfig config = new HikariConfig();
		config.setAutoCommit(false);
		HikariDataSource pool = pool(config);
		JdbcEventStore first = store(pool, JdbcEventStoreSettings.DEFAULT);
		AtomicInteger own = new AtomicInteger();
		Listening listening = first.wakeups().listen("n1", (kind) -> own.incrementAndGet());
		await().until(() -> own.get() >= Kind.values().length);
		assertThat(pool.getHikariPoolMXBean().getActiveConnections()).isEqualTo(1);
		first.wakeups().signal("n1", Kind.PARTITIONS);
		listening.close();
		assertThat(pool.getHikariPoolMXBean().getActiveConnections()).isZero();
		JdbcClient client = JdbcClient.create(pool);
		assertThat(client.sql("select count(*) from pg_listening_channels()").query(Integer.class).single()).isZero();
		pool.close();
		await().untilAsserted(() -> assertThat(heard).contains(Kind.PARTITIONS));
	}

	@Test
	void aPoolThatIsTooSmallIsLeftAlone() {
		HikariConfig config = new HikariConfig();
		config.setMaximumPoolSize(2);
		HikariDataSource pool = pool(config);
		JdbcEventStore small = store(pool, JdbcEventStoreSettings.DEFAULT);
		this.listenings.add(small.wakeups().listen("n1", (kind) -> {
		}));
		this.listenings.add(small.wakeups().listen("n2", (kind) -> {
		}));
		assertThat(messages("INFO")).singleElement().asString().contains("polling only", "has only 2");
		// but it can tell others
		List<Kind> heard = listening("n3", store());
		small.wakeups().signal("n1", Kind.EVENTS);
		await().untilAsserted(() -> assertThat(heard).contains(Kind.EVENTS));
		assertThat(pool.getHikariPoolMXBean().getActiveConnections()).isZero();
	}

	@Test
	void canBeSwitchedOff() {
		List<Kind> heard = listening("n2", store());
		JdbcEventStore silent = store(pool(), new JdbcEventStoreSettings(null, "", Duration.ofMinutes(1), false));
		AtomicInteger silentHeard = new AtomicInteger();
		this.listenings.add(silent.wakeups().listen("n1", (kind) -> silentHeard.incrementAndGet()));
		silent.wakeups().signal("n3", Kind.EVENTS);
		assertThat(silentHeard).hasValue(1);
		store().wakeups().signal("n4", Kind.DELIVERIES);
		await().untilAsserted(() -> assertThat(heard).contains(Kind.DELIVERIES));
		assertThat(heard).doesNotContain(Kind.EVENTS);
		assertThat(silentHeard).hasValue(1);
	}

	private List<String> messages(String level) {
		return List.copyOf(this.log.list)
			.stream()
			.filter((event) -> event.getLevel().toString().equals(level))
			.map(ILoggingEvent::getFormattedMessage)
			.toList();
	}

	private static int cutListeners() {
		return JdbcClient.create(database.dataSource())
			.sql("select count(pg_terminate_backend(pid)) from pg_stat_activity"
					+ " where datname = current_database() and query like 'listen %'")
			.query(Integer.class)
			.single();
	}

	/** What a node hears, from when it listens. */
	private List<Kind> listening(String node, JdbcEventStore store) {
		List<Kind> heard = new CopyOnWriteArrayList<>();
		this.listenings.add(store.wakeups().listen(node, heard::add));
		await().until(() -> heard.size() >= Kind.values().length);
		heard.clear();
		return heard;
	}

	private JdbcEventStore store() {
		return store(pool(), JdbcEventStoreSettings.DEFAULT);
	}

	private static JdbcEventStore store(HikariDataSource pool, JdbcEventStoreSettings settings) {
		return new JdbcEventStore(pool, settings);
	}

	private HikariDataSource pool() {
		HikariDataSource pool = pool(new HikariConfig());
		this.pools.add(pool);
		return pool;
	}

	private static HikariDataSource pool(HikariConfig config) {
		config.setJdbcUrl(database.jdbcUrl());
		config.setUsername(database.user());
		config.setPassword(database.password());
		config.setMinimumIdle(0);
		return new HikariDataSource(config);
	}

}
