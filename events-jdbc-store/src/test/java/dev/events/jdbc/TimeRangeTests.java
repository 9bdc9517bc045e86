package dev.events.jdbc;

import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import dev.events.store.EventCriteria;
import dev.events.store.EventRecord;
import dev.events.store.StoredEvent;
import dev.events.test.postgres.PostgresDatabase;
import dev.events.test.store.EventRecords;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Queries for ranges of time on PostgreSQL, which skip blocks of the log.
 */
class TimeRangeTests {

	// the common ones are few, and for those who do not wait
	private static final Executor OWN_THREAD = (task) -> new Thread(task).start();

	private static final PostgresDatabase DATABASE = JdbcStoreFixture.newPostgresDatabase();

	private static final Instant START = Instant.parse("2026-03-01T00:00:00Z");

	private static final int BLOCK = 16;

	private static final Duration LONG = Duration.ofSeconds(20);

	private HikariDataSource dataSource;

	private JdbcEventLog log;

	@BeforeEach
	void open() {
		HikariConfig config = new HikariConfig();
		config.setJdbcUrl(DATABASE.jdbcUrl());
		config.setUsername(DATABASE.user());
		config.setPassword(DATABASE.password());
		config.setMaximumPoolSize(4);
		this.dataSource = new HikariDataSource(config);
		new EventsSchema(this.dataSource, JdbcEventStoreSettings.DEFAULT).migrate();
		JdbcClient.create(this.dataSource).sql("truncate event_store restart identity").update();
		this.log = log();
	}

	@AfterEach
	void close() {
		this.dataSource.close();
	}

	private JdbcEventLog log() {
		Database database = new Database(this.dataSource);
		Tables tables = Tables.of(JdbcEventStoreSettings.DEFAULT);
		Horizon horizon = new PostgresHorizon(tables);
		return new JdbcEventLog(database, tables, new PostgresDialect(), horizon, new CallersWork(database),
				new BlockTimes(tables, horizon, BLOCK, LONG));
	}

	private List<StoredEvent> append(List<EventRecord> events) {
		List<Long> positions = this.log.append(events);
		List<StoredEvent> stored = new ArrayList<>();
		for (int i = 0; i < events.size(); i++) {
			stored.add(new StoredEvent(positions.get(i), events.get(i)));
		}
		return stored;
	}

	private static EventRecord at(Instant time) {
		return EventRecords.event("a").timestamp(time.truncatedTo(ChronoUnit.MICROS)).build();
	}

	private static EventCriteria between(@Nullable Instant since, @Nullable Instant until, boolean newestFirst,
			@Nullable Long beyond) {
		return new EventCriteria(List.of(), null, null, null, null, since, until, Map.of(), newestFirst, beyond);
	}

	/**
	 * Times grow as they do in life, or they do what they want.
	 */
	@ParameterizedTest
	@ValueSource(ints = { 0, 20, 5_000 })
	void everyRangeGivesWhatIsInIt(int disorder) {
		Random random = new Random(disorder);
		List<StoredEvent> all = new ArrayList<>();
		for (int round = 0; round < 12; round++) {
			List<EventRecord> batch = new ArrayList<>();
			for (int i = 0; i < 90; i++) {
				int seconds = round * 90 + i + random.nextInt(disorder + 1);
				batch.add(at(START.plusSeconds(seconds)));
			}
			all.addAll(append(batch));
			List<StoredEvent> gone = new ArrayList<>(all.subList(10 * round, 10 * round + 5));
			this.log.delete(gone.stream().map(StoredEvent::position).toList());
			all.removeAll(gone);
			for (int i = 0; i < 25; i++) {
				assertAgrees(all, random);
			}
		}
	}

	private void assertAgrees(List<StoredEvent> all, Random random) {
		Instant since = random.nextInt(4) > 0 ? START.plusSeconds(random.nextInt(1_100)) : null;
		Instant until = random.nextInt(4) > 0 ? START.plusSeconds(random.nextInt(1_100)) : null;
		Long beyond = random.nextInt(3) == 0 ? (Long) (long) random.nextInt(1_200) : null;
		boolean newestFirst = random.nextBoolean();
		EventCriteria criteria = between(since, until, newestFirst, beyond);
		List<StoredEvent> expected = new ArrayList<>(all);
		expected.removeIf((event) -> !criteria.matches(event.event())
				|| beyond != null && (newestFirst ? event.position() >= beyond : event.position() <= beyond));
		if (newestFirst) {
			Collections.reverse(expected);
		}
		int limit = 1 + random.nextInt(200);
		assertThat(this.log.query(criteria, limit)).as("%s limit %s", criteria, limit)
			.containsExactlyElementsOf(expected.subList(0, Math.min(limit, expected.size())));
	}

	/** A block may be full of holes that somebody is still going to fill. */
	@Test
	void whatIsCommittedLateIsFound() {
		TransactionTemplate transaction = new TransactionTemplate(new JdbcTransactionManager(this.dataSource));
		EventRecord late = at(START);
		transaction.executeWithoutResult((status) -> {
			this.log.append(List.of(late));
			CompletableFuture.runAsync(() -> {
				for (int i = 0; i < 5 * BLOCK; i++) {
					this.log.append(List.of(at(START.plusSeconds(1_000 + i))));
				}
				assertThat(this.log.query(between(null, START.plusSeconds(1), false, null), 10)).isEmpty();
			}, OWN_THREAD).join();
		});
		assertThat(this.log.query(between(null, START.plusSeconds(1), false, null), 10)).extracting(StoredEvent::event)
			.containsExactly(late);
	}

	@Test
	void blocksOutsideTheRangeAreNotRead() throws SQLException {
		appendBlocks(100);
		Instant since = START.plusSeconds(50 * BLOCK);
		try (Connection connection = this.dataSource.getConnection()) {
			Tables tables = Tables.of(JdbcEventStoreSettings.DEFAULT);
			BlockTimes times = new BlockTimes(tables, new PostgresHorizon(tables), BLOCK, LONG);
			assertThat(times.ranges(connection, since, since.plus(Duration.ofSeconds(1)))).containsExactly(
					new PositionRange(50 * BLOCK, 51 * BLOCK), new PositionRange(100 * BLOCK, Long.MAX_VALUE));
			assertThat(times.ranges(connection, since, null))
				.containsExactly(new PositionRange(50 * BLOCK, Long.MAX_VALUE));
			assertThat(times.ranges(connection, null, START.plusSeconds(BLOCK)))
				.containsExactly(new PositionRange(0, BLOCK), new PositionRange(100 * BLOCK, Long.MAX_VALUE));
		}
	}

	@Test
	void aQueryLearnsForABoundedTimeAndTheNextOneGoesOn() throws SQLException {
		appendBlocks(10);
		Tables tables = Tables.of(JdbcEventStoreSettings.DEFAULT);
		BlockTimes times = new BlockTimes(tables, new PostgresHorizon(tables), BLOCK, Duration.ZERO);
		Instant late = START.plusSeconds(9 * BLOCK);
		try (Connection connection = this.dataSource.getConnection()) {
			for (int known = 1; known <= 9; known++) {
				assertThat(times.ranges(connection, late, null))
					.containsExactly(new PositionRange(known * BLOCK, Long.MAX_VALUE));
			}
			assertThat(times.ranges(connection, late, null))
				.containsExactly(new PositionRange(9 * BLOCK, Long.MAX_VALUE));
		}
	}

	@Test
	void aQueryDoesNotFailBecauseTimesCouldNotBeLearned() throws SQLException {
		appendBlocks(10);
		Tables tables = Tables.of(JdbcEventStoreSettings.DEFAULT);
		BlockTimes times = new BlockTimes(tables, new PostgresHorizon(tables), BLOCK, LONG);
		Instant late = START.plusSeconds(9 * BLOCK);
		try (Connection connection = this.dataSource.getConnection()) {
			long begin = System.nanoTime();
			assertThat(times.ranges(slow(connection), late, null))
				.containsExactly(new PositionRange(0, Long.MAX_VALUE));
			assertThat(Duration.ofNanos(System.nanoTime() - begin)).isLessThan(Duration.ofSeconds(15));
			assertThat(times.ranges(connection, late, null))
				.containsExactly(new PositionRange(9 * BLOCK, Long.MAX_VALUE));
		}
	}

	/** Learning takes a minute on it. */
	private static Connection slow(Connection connection) {
		return (Connection) Proxy.newProxyInstance(Connection.class.getClassLoader(),
				new Class<?>[] { Connection.class }, (proxy, method, args) -> {
					if (method.getName().equals("prepareStatement")
							&& args[0].toString().contains("max(occurred_at)")) {
						return connection
							.prepareStatement(args[0].toString().replace(" where ", ", pg_sleep(60) where "));
					}
					return method.invoke(connection, args);
				});
	}

	private void appendBlocks(int blocks) {
		List<EventRecord> events = new ArrayList<>();
		for (int i = 0; i < blocks * BLOCK; i++) {
			events.add(at(START.plusSeconds(i)));
		}
		append(events);
	}

}
