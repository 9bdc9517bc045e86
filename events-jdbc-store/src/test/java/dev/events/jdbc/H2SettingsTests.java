package dev.events.jdbc;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.UUID;

import com.zaxxer.hikari.HikariDataSource;
import dev.events.EventPattern;
import dev.events.StartPosition;
import dev.events.store.Checkpoint;
import dev.events.store.DeliveryChange;
import dev.events.store.EventCriteria;
import dev.events.store.EventRecord;
import dev.events.store.Lease;
import dev.events.store.LogSegment;
import dev.events.store.PartitionId;
import dev.events.store.SubscriptionRecord;
import dev.events.test.store.EventRecords;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.jdbc.core.simple.JdbcClient;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * H2 as applications set it up, and users with few rights.
 */
class H2SettingsTests {

	private final List<HikariDataSource> pools = new ArrayList<>();

	private final String url = "jdbc:h2:mem:" + UUID.randomUUID();

	private HikariDataSource pool(String settings, String user) {
		HikariDataSource pool = new HikariDataSource();
		pool.setJdbcUrl(this.url + settings);
		pool.setUsername(user);
		pool.setPassword(user);
		pool.setMaximumPoolSize(4);
		this.pools.add(pool);
		return pool;
	}

	@AfterEach
	void close() {
		this.pools.forEach(HikariDataSource::close);
	}

	private static JdbcEventStore store(HikariDataSource dataSource, JdbcEventStoreSettings settings) {
		new EventsSchema(dataSource, settings).migrate();
		return new JdbcEventStore(dataSource, settings);
	}

	private static List<String> types(LogSegment segment) {
		return segment.events().stream().map((stored) -> stored.event().type()).toList();
	}

	private static SubscriptionRecord subscription() {
		return new SubscriptionRecord("s", List.of("**"), "method", "{}", true, null, "code", 1);
	}

	@ParameterizedTest
	@ValueSource(strings = { "", ";LOCK_MODE=0" })
	void holeIsKeptOpenWhereLocksOfOthersCannotBeSeen(String settings) throws SQLException {
		HikariDataSource admin = pool(settings, "sa");
		store(admin, JdbcEventStoreSettings.DEFAULT);
		HikariDataSource publishers = admin;
		if (settings.isEmpty()) {
			JdbcClient.create(admin).sql("create user app password 'app'").update();
			JdbcClient.create(admin).sql("grant select, insert, update, delete on schema public to app").update();
			publishers = pool("", "app");
		}
		JdbcEventStore store = new JdbcEventStore(publishers, JdbcEventStoreSettings.DEFAULT);
		try (Connection connection = publishers.getConnection(); Statement statement = connection.createStatement()) {
			connection.setAutoCommit(false);
			statement.executeUpdate("insert into event_store (event_type, data) values ('slow', '{}')");
			store.log().append(List.of(EventRecords.event("fast", null)));
			LogSegment segment = store.log().follow(0, 10);
			assertThat(segment.events()).isEmpty();
			assertThat(segment.settled()).isZero();
			connection.commit();
			assertThat(types(store.log().follow(0, 10))).containsExactly("slow", "fast");
		}
	}

	@Test
	void holeIsTakenForEmptyAfterTheGapTimeoutWhereLocksCannotBeSeen() throws SQLException {
		HikariDataSource dataSource = pool(";LOCK_MODE=0", "sa");
		JdbcEventStore store = store(dataSource, new JdbcEventStoreSettings(null, "", Duration.ofNanos(1)));
		try (Connection connection = dataSource.getConnection(); Statement statement = connection.createStatement()) {
			connection.setAutoCommit(false);
			statement.executeUpdate("insert into event_store (event_type, data) values ('gone', '{}')");
			connection.rollback();
		}
		store.log().append(List.of(EventRecords.event("next", null)));
		store.log().follow(0, 10);
		assertThat(types(store.log().follow(0, 10))).containsExactly("next");
	}

	@Test
	void headOfAStoreThatWasJustOpenedIsNotTheBeginningBecauseSomebodyPublishes() throws SQLException {
		HikariDataSource dataSource = pool("", "sa");
		store(dataSource, JdbcEventStoreSettings.DEFAULT).log().append(EventRecords.events(5));
		try (Connection connection = dataSource.getConnection(); Statement statement = connection.createStatement()) {
			connection.setAutoCommit(false);
			statement.executeUpdate("insert into event_store (event_type, data) values ('x', '{}')");
			JdbcEventStore opened = new JdbcEventStore(dataSource, JdbcEventStoreSettings.DEFAULT);
			opened.subscriptions().register(subscription(), StartPosition.HEAD);
			assertThat(opened.cursors().list()).singleElement()
				.satisfies((cursor) -> assertThat(cursor.position()).isEqualTo(5));
			new JdbcEventStore(dataSource, JdbcEventStoreSettings.DEFAULT).log().append(EventRecords.events(1));
			assertThat(new JdbcEventStore(dataSource, JdbcEventStoreSettings.DEFAULT).log().head()).isEqualTo(5);
			connection.commit();
			assertThat(new JdbcEventStore(dataSource, JdbcEventStoreSettings.DEFAULT).log().head()).isEqualTo(7);
		}
	}

	@Test
	void sessionsOfTheApplicationGetNoQueryTimeout() throws SQLException {
		store(pool("", "sa"), JdbcEventStoreSettings.DEFAULT);
		HikariDataSource dataSource = pool("", "sa");
		dataSource.setMaximumPoolSize(1);
		new JdbcEventStore(dataSource, JdbcEventStoreSettings.DEFAULT).log().append(EventRecords.events(2));
		try (Connection connection = dataSource.getConnection(); Statement statement = connection.createStatement()) {
			assertThat(statement.getQueryTimeout()).isZero();
		}
	}

	@ParameterizedTest
	@ValueSource(strings = { "MODE=PostgreSQL;DATABASE_TO_LOWER=TRUE;DEFAULT_NULL_ORDERING=HIGH", "MODE=PostgreSQL",
			"MODE=MySQL;DATABASE_TO_LOWER=TRUE", "MODE=MySQL", "MODE=Oracle", "MODE=MSSQLServer", "MODE=LEGACY",
			"MODE=DB2", "DATABASE_TO_UPPER=FALSE" })
	void worksInEveryMode(String mode) {
		JdbcEventStore store = store(pool(";" + mode, "sa"), JdbcEventStoreSettings.DEFAULT);
		EventRecord event = EventRecords.event("a", "k");
		store.log().append(List.of(event));
		store.subscriptions().register(subscription(), StartPosition.BEGINNING);
		PartitionId partition = new PartitionId("s", 0);
		Lease lease = store.cursors().claim("n", List.of(partition), Duration.ofSeconds(10)).get(0);
		DeliveryChange.Failure failure = new DeliveryChange.Failure("t", "m", "s");
		store.cursors()
			.checkpoint(List.of(new Checkpoint(lease, 1,
					List.of(new DeliveryChange.Park(UUID.randomUUID(), event, 1, 1, Duration.ZERO, failure)))));
		assertThat(store.deliveries().due(List.of(partition), 10)).hasSize(1);
		store.nodes().heartbeat("n", Set.of("s"), Duration.ofSeconds(10));
		store.nodes().heartbeat("n", Set.of("s"), Duration.ofSeconds(10));
		EventCriteria newest = new EventCriteria(List.of(EventPattern.of("*")), null, null, null, null, null, null,
				java.util.Map.of(), true, null);
		assertThat(store.log().query(newest, 10)).hasSize(1);
		assertThat(types(store.log().follow(0, 10))).containsExactly("a");
	}

	@ParameterizedTest
	@ValueSource(strings = { "DATABASE_TO_LOWER=TRUE", "DATABASE_TO_UPPER=FALSE", "DATABASE_TO_UPPER=TRUE" })
	void schemaOfItsOwnIsFoundWhateverTheCaseOfNames(String setting) {
		JdbcEventStore store = store(pool(";" + setting, "sa"),
				new JdbcEventStoreSettings("events", "", Duration.ofMinutes(1)));
		store.log().append(List.of(EventRecords.event("a", null)));
		assertThat(types(store.log().follow(0, 10))).containsExactly("a");
	}

}
