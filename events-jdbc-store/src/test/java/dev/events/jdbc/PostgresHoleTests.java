package dev.events.jdbc;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Savepoint;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import javax.sql.DataSource;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import dev.events.store.LogSegment;
import dev.events.store.StoredEvent;
import dev.events.test.postgres.PostgresDatabase;
import dev.events.test.store.EventRecords;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.springframework.jdbc.core.simple.JdbcClient;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

@Timeout(120)
class PostgresHoleTests {

	private final PostgresDatabase database = JdbcStoreFixture.newPostgresDatabase();

	private final HikariDataSource dataSource = pool(this.database);

	private final JdbcEventStore store = store();

	private final List<Connection> open = new ArrayList<>();

	private static HikariDataSource pool(PostgresDatabase database) {
		HikariConfig config = new HikariConfig();
		config.setJdbcUrl(database.jdbcUrl());
		config.setUsername(database.user());
		config.setPassword(database.password());
		config.setMaximumPoolSize(14);
		config.setTransactionIsolation("TRANSACTION_REPEATABLE_READ");
		return new HikariDataSource(config);
	}

	private JdbcEventStore store() {
		new EventsSchema(this.dataSource, JdbcEventStoreSettings.DEFAULT).migrate();
		return new JdbcEventStore(this.dataSource, JdbcEventStoreSettings.DEFAULT);
	}

	@AfterEach
	void close() throws SQLException {
		for (Connection connection : this.open) {
			connection.close();
		}
		this.dataSource.close();
	}

	private Connection begin() throws SQLException {
		Connection connection = this.dataSource.getConnection();
		connection.setAutoCommit(false);
		this.open.add(connection);
		return connection;
	}

	private static void insert(Connection connection, String data) throws SQLException {
		try (PreparedStatement statement = connection
			.prepareStatement("insert into event_store (event_type, data) values ('a.b', ?::json)")) {
			statement.setString(1, data);
			statement.executeUpdate();
		}
	}

	private List<String> follow() {
		return this.store.log().follow(0, 100).events().stream().map((event) -> event.event().data()).toList();
	}

	@Test
	void whatIsNotCommittedHoldsBackOnlyWhatComesAfter() throws SQLException {
		this.store.log().append(List.of(EventRecords.event("before", null)));
		Connection running = begin();
		insert(running, "1");
		this.store.log().append(List.of(EventRecords.event("after", null)));
		LogSegment segment = this.store.log().follow(0, 100);
		assertThat(segment.events()).extracting((event) -> event.event().type()).containsExactly("before");
		assertThat(segment.settled()).isEqualTo(1);
		assertThat(segment.more()).isTrue();
		assertThat(this.store.log().head()).isEqualTo(1);
		running.commit();
		assertThat(this.store.log().follow(0, 100).events()).extracting((event) -> event.event().type())
			.containsExactly("before", "a.b", "after");
		assertThat(this.store.log().head()).isEqualTo(3);
	}

	/**
	 * Of two that begin to publish at the same time one may commit and the other not:
	 * then there is a lock in front of what is seen without a hole.
	 */
	@Test
	void theHeadIsNotInFrontOfWhatIsFollowedWhileOthersPublish() throws SQLException {
		Connection publishing = begin();
		try (Statement statement = publishing.createStatement()) {
			statement.execute("select pg_advisory_xact_lock_shared("
					+ "((1 + 'event_store'::regclass::oid::bigint % 32749) << 48) | 0)");
		}
		this.store.log().append(EventRecords.events(2));
		assertThat(this.store.log().follow(0, 100).settled()).isEqualTo(2);
		assertThat(this.store.log().head()).isEqualTo(2);
	}

	@Test
	void whatIsRolledBackHoldsBackNothing() throws SQLException {
		Connection doomed = begin();
		insert(doomed, "1");
		insert(doomed, "2");
		this.store.log().append(List.of(EventRecords.event("after", null)));
		assertThat(follow()).isEmpty();
		doomed.rollback();
		LogSegment segment = this.store.log().follow(0, 100);
		assertThat(segment.events()).extracting((event) -> event.event().type()).containsExactly("after");
		assertThat(segment.settled()).isEqualTo(3);
		assertThat(segment.more()).isFalse();
	}

	@Test
	void aQuickLookStopsInFrontOfEveryHole() throws SQLException {
		this.store.log().append(List.of(EventRecords.event("before", null)));
		Connection doomed = begin();
		insert(doomed, "1");
		doomed.rollback();
		this.store.log().append(List.of(EventRecords.event("after", null)));
		LogSegment segment = this.store.log().followQuickly(0, 100);
		assertThat(segment.events()).extracting((event) -> event.event().type()).containsExactly("before");
		assertThat(segment.settled()).isEqualTo(1);
		assertThat(segment.more()).isTrue();
		assertThat(this.store.log().followQuickly(2, 100).events()).hasSize(1);
	}

	@Test
	void aTransactionThatPublishesLateHoldsBackOnlyWhatComesAfterItsPublishing() throws SQLException {
		Connection late = begin();
		try (Statement statement = late.createStatement()) {
			statement.execute("create table other (x int)");
		}
		this.store.log().append(List.of(EventRecords.event("one", null)));
		this.store.log().append(List.of(EventRecords.event("two", null)));
		assertThat(follow()).hasSize(2);
		insert(late, "1");
		this.store.log().append(List.of(EventRecords.event("three", null)));
		assertThat(follow()).hasSize(2);
		late.commit();
		assertThat(follow()).hasSize(4);
	}

	@Test
	void anUnrelatedTransactionHoldsBackNothing() throws SQLException {
		Connection unrelated = begin();
		try (Statement statement = unrelated.createStatement()) {
			statement.execute("create table other (x int)");
			statement.execute("select pg_advisory_xact_lock(1), pg_advisory_xact_lock(7, 8)");
		}
		Connection doomed = begin();
		insert(doomed, "1");
		doomed.rollback();
		this.store.log().append(List.of(EventRecords.event("after", null)));
		assertThat(follow()).hasSize(1);
		assertThat(this.store.log().head()).isEqualTo(2);
	}

	@Test
	void aSavepointThatIsRolledBackTakesBackItsHold() throws SQLException {
		Connection running = begin();
		Savepoint savepoint = running.setSavepoint();
		insert(running, "1");
		running.rollback(savepoint);
		this.store.log().append(List.of(EventRecords.event("one", null)));
		assertThat(follow()).hasSize(1);
		insert(running, "2");
		insert(running, "3");
		this.store.log().append(List.of(EventRecords.event("two", null)));
		assertThat(follow()).hasSize(1);
		running.commit();
		assertThat(follow()).hasSize(4);
	}

	@Test
	void aTransactionTakesOneLockWhateverItPublishes() throws SQLException {
		Connection running = begin();
		for (int i = 0; i < 20; i++) {
			insert(running, "1");
		}
		assertThat(JdbcClient.create(this.dataSource)
			.sql("select count(*) from pg_locks where locktype = 'advisory'"
					+ " and database = (select oid from pg_database where datname = current_database())")
			.query(Integer.class)
			.single()).isEqualTo(1);
		running.rollback();
	}

	@Test
	void twoPrefixesDoNotHoldBackEachOther() throws SQLException {
		JdbcEventStoreSettings settings = new JdbcEventStoreSettings(null, "shop_", Duration.ofMinutes(1));
		new EventsSchema(this.dataSource, settings).migrate();
		JdbcEventStore shop = new JdbcEventStore(this.dataSource, settings);
		Connection running = begin();
		insert(running, "1");
		try (Statement statement = running.createStatement()) {
			statement.execute("insert into shop_event_store (event_type, data) values ('a', '1')");
		}
		Connection doomed = begin();
		try (Statement statement = doomed.createStatement()) {
			statement.execute("insert into shop_event_store (event_type, data) values ('a', '1')");
		}
		doomed.rollback();
		shop.log().append(List.of(EventRecords.event("b", null)));
		assertThat(shop.log().follow(0, 10).events()).isEmpty();
		running.commit();
		assertThat(shop.log().follow(0, 10).events()).hasSize(2);
	}

	/**
	 * Eight publishers with transactions of random length, savepoints and rollbacks, some
	 * by plain SQL; one reader that follows. A reader that skips a hole too early loses
	 * events.
	 */
	@Test
	void aFollowerMissesNothing() throws Exception {
		Followed followed = follow((JdbcEventLog) this.store.log());
		assertThat(followed.seen()).containsExactlyInAnyOrderElementsOf(followed.committed());
	}

	/** Shows that the test above can fail. */
	@Test
	void aFollowerThatAsksForNoProofMissesSome() throws Exception {
		JdbcEventLog careless = carelessLog(this.dataSource);
		Followed followed = follow(careless);
		for (int i = 1; i < 10 && followed.seen().size() == followed.committed().size(); i++) {
			// it may have been so late that there was nothing to miss
			JdbcClient.create(this.dataSource).sql("truncate event_store restart identity").update();
			followed = follow(careless);
		}
		assertThat(followed.seen()).hasSizeLessThan(followed.committed().size());
	}

	private Followed follow(JdbcEventLog log) throws Exception {
		Set<String> committed = ConcurrentHashMap.newKeySet();
		AtomicInteger rolledBack = new AtomicInteger();
		List<StoredEvent> followed = FollowedPublishing.run(log, 120,
				(random) -> publish(random, committed, rolledBack));
		assertThat(rolledBack).hasPositiveValue();
		assertThat(followed).extracting(StoredEvent::position).isSorted().doesNotHaveDuplicates();
		return new Followed(committed, followed.stream().map((event) -> event.event().data()).toList());
	}

	private record Followed(Set<String> committed, List<String> seen) {

	}

	private void publish(Random random, Set<String> committed, AtomicInteger rolledBack) throws SQLException {
		List<String> mine = new ArrayList<>();
		try (Connection connection = this.dataSource.getConnection()) {
			connection.setAutoCommit(false);
			for (int i = 0; i <= random.nextInt(4); i++) {
				Savepoint savepoint = connection.setSavepoint();
				String data = "\"" + UUID.randomUUID() + "\"";
				insert(connection, data);
				LockSupport.parkNanos(ThreadLocalRandom.current().nextInt(3_000_000));
				if (random.nextInt(5) == 0) {
					connection.rollback(savepoint);
				}
				else {
					mine.add(data);
				}
			}
			if (random.nextInt(4) == 0) {
				connection.rollback();
				rolledBack.incrementAndGet();
			}
			else {
				connection.commit();
				committed.addAll(mine);
			}
		}
	}

	/** A log that takes every hole for empty. */
	private static JdbcEventLog carelessLog(DataSource dataSource) {
		Tables tables = new Tables(null, "");
		Database database = new Database(dataSource);
		return new JdbcEventLog(database, tables, new PostgresDialect(), new Horizon() {

			@Override
			public long settled(Connection connection, long drawn) {
				return drawn;
			}

			@Override
			public long head(Connection connection) {
				return 0;
			}

		}, new CallersWork(database), null);
	}

	@Test
	void aLongTransactionElsewhereDelaysNobody() throws SQLException {
		Connection unrelated = begin();
		try (Statement statement = unrelated.createStatement()) {
			statement.execute("create table other (x int)");
		}
		for (int i = 0; i < 50; i++) {
			Connection doomed = begin();
			insert(doomed, "1");
			doomed.rollback();
			doomed.close();
			this.store.log().append(List.of(EventRecords.event("a", "k" + i)));
		}
		await().atMost(Duration.ofSeconds(30)).untilAsserted(() -> assertThat(follow()).hasSize(50));
	}

}
