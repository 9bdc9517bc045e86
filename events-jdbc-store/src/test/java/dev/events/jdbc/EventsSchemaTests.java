package dev.events.jdbc;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import javax.sql.DataSource;

import dev.events.test.postgres.PostgresDatabase;
import dev.events.test.store.EventRecords;
import org.flywaydb.core.Flyway;
import org.h2.jdbcx.JdbcDataSource;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.DelegatingDataSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.awaitility.Awaitility.await;

class EventsSchemaTests {

	@Nested
	class OnPostgres extends Scenarios {

		OnPostgres() {
			super(JdbcStoreFixture.newPostgresDatabase());
		}

	}

	@Nested
	class OnH2 extends Scenarios {

		OnH2() {
			super(h2());
		}

		/**
		 * Flyway locks rows of its history, but a new history has none.
		 */
		@Test
		void oneMigrationWaitsForAnother() throws Exception {
			DataSource database = h2();
			CountDownLatch goOn = new CountDownLatch(1);
			BusyDataSource slow = new BusyDataSource(database, goOn);
			BusyDataSource second = new BusyDataSource(database, new CountDownLatch(0));
			ExecutorService pool = Executors.newFixedThreadPool(2);
			try {
				Future<?> first = pool.submit(() -> new EventsSchema(slow, JdbcEventStoreSettings.DEFAULT).migrate());
				await().until(slow::isMigrating);
				Future<?> other = pool.submit(() -> new EventsSchema(second, JdbcEventStoreSettings.DEFAULT).migrate());
				await().during(Duration.ofMillis(300)).until(() -> !second.isMigrating());
				goOn.countDown();
				first.get();
				other.get();
			}
			finally {
				goOn.countDown();
				pool.shutdown();
			}
		}

		private static DataSource h2() {
			JdbcDataSource dataSource = new JdbcDataSource();
			dataSource.setURL("jdbc:h2:mem:" + UUID.randomUUID() + ";DB_CLOSE_DELAY=-1");
			return dataSource;
		}

	}

	/**
	 * Stops Flyway in the middle of its work until it may go on.
	 */
	private static final class BusyDataSource extends DelegatingDataSource {

		private final CountDownLatch goOn;

		private volatile boolean migrating;

		BusyDataSource(DataSource database, CountDownLatch goOn) {
			super(database);
			this.goOn = goOn;
		}

		boolean isMigrating() {
			return this.migrating;
		}

		@Override
		public Connection getConnection() throws SQLException {
			boolean byFlyway = StackWalker.getInstance()
				.walk((frames) -> frames.anyMatch((frame) -> frame.getClassName().startsWith("org.flywaydb.core.Flyway")
						&& frame.getMethodName().equals("migrate")));
			if (byFlyway) {
				this.migrating = true;
				await().until(() -> this.goOn.getCount() == 0);
			}
			return super.getConnection();
		}

	}

	abstract static class Scenarios {

		private final DataSource dataSource;

		Scenarios(PostgresDatabase database) {
			this(database.dataSource());
		}

		Scenarios(DataSource dataSource) {
			this.dataSource = dataSource;
		}

		private void works(JdbcEventStoreSettings settings) {
			JdbcEventStore store = new JdbcEventStore(this.dataSource, settings);
			long head = store.log().head();
			store.log().append(EventRecords.events(3));
			assertThat(store.log().follow(head, 10).events()).hasSize(3);
		}

		private void migrate(JdbcEventStoreSettings settings) {
			new EventsSchema(this.dataSource, settings).migrate();
		}

		private Flyway applications() {
			return Flyway.configure().dataSource(this.dataSource).locations("classpath:db/migration").load();
		}

		@Test
		void standsBesideTheApplicationsOwnMigrations() {
			applications().migrate();
			migrate(JdbcEventStoreSettings.DEFAULT);
			works(JdbcEventStoreSettings.DEFAULT);
			assertThat(applications().info().all()).extracting((migration) -> migration.getDescription())
				.containsExactly("application");
			assertThat(applications().validateWithResult().validationSuccessful).isTrue();
			applications().migrate();
			migrate(JdbcEventStoreSettings.DEFAULT);
			works(JdbcEventStoreSettings.DEFAULT);
		}

		@Test
		void takingItOutLeavesTheApplicationAsItWas() {
			applications().migrate();
			migrate(JdbcEventStoreSettings.DEFAULT);
			assertThat(applications().migrate().migrationsExecuted).isZero();
			assertThat(JdbcClient.create(this.dataSource)
				.sql("select count(*) from application_table")
				.query(Integer.class)
				.single()).isZero();
		}

		@Test
		void severalPrefixesAndASchemaOfItsOwnLiveInOneDatabase() {
			JdbcEventStoreSettings shop = new JdbcEventStoreSettings(null, "shop_", Duration.ofMinutes(1));
			JdbcEventStoreSettings own = new JdbcEventStoreSettings("own", "", Duration.ofMinutes(1));
			migrate(JdbcEventStoreSettings.DEFAULT);
			migrate(shop);
			migrate(own);
			works(JdbcEventStoreSettings.DEFAULT);
			works(shop);
			works(own);
			assertThat(new JdbcEventStore(this.dataSource, shop).log().head()).isEqualTo(3);
		}

		/** From before there were replays. */
		@Test
		void whatIsStoredBecomesWhatIsNotOfAReplay() {
			String database = (this.dataSource instanceof JdbcDataSource) ? "h2" : "postgresql";
			Flyway.configure()
				.dataSource(this.dataSource)
				.locations("classpath:dev/events/jdbc/migration/" + database)
				.table("events_schema_history")
				.baselineOnMigrate(true)
				.baselineVersion("0")
				.placeholders(Map.of("prefix", ""))
				.target("3")
				.load()
				.migrate();
			UUID id = UUID.randomUUID();
			JdbcClient.create(this.dataSource)
				.sql("insert into event_deliveries (subscription_id, position, delivery_id, partition_no, hash, status,"
						+ " attempts, id, event_type, version, source, occurred_at, data) values"
						+ " ('s', 1, ?, 0, 0, 'DEAD', 1, ?, 'a', '1.0.0', 'x', current_timestamp, json '{}')")
				.params(id, UUID.randomUUID())
				.update();
			migrate(JdbcEventStoreSettings.DEFAULT);
			JdbcEventStore store = new JdbcEventStore(this.dataSource, JdbcEventStoreSettings.DEFAULT);
			assertThat(store.deliveries().findDeadLetter(id).orElseThrow().replay()).isFalse();
			assertThat(store.replays().list()).isEmpty();
			works(JdbcEventStoreSettings.DEFAULT);
		}

		@Test
		void severalNodesMayStartAtOnce() throws Exception {
			ExecutorService pool = Executors.newFixedThreadPool(4);
			List<Future<?>> nodes = new ArrayList<>();
			for (int node = 0; node < 4; node++) {
				nodes.add(pool.submit(() -> migrate(JdbcEventStoreSettings.DEFAULT)));
			}
			for (Future<?> node : nodes) {
				node.get();
			}
			pool.shutdown();
			works(JdbcEventStoreSettings.DEFAULT);
		}

	}

	@ParameterizedTest
	@ValueSource(strings = { "Shop_", "shop-", "x; drop table users", "abcdefghijklmnopqrstu", "1a" })
	void refusesPrefixesThatAreNoNames(String prefix) {
		assertThatIllegalArgumentException()
			.isThrownBy(() -> new JdbcEventStoreSettings(null, prefix, Duration.ofMinutes(1)))
			.withMessageContaining("events.jdbc.table-prefix")
			.withMessageContaining("write");
	}

	@Test
	void refusesOtherSettingsThatAreWrong() {
		assertThatIllegalArgumentException()
			.isThrownBy(() -> new JdbcEventStoreSettings("My Schema", "", Duration.ofMinutes(1)))
			.withMessageContaining("events.jdbc.schema");
		assertThatIllegalArgumentException().isThrownBy(() -> new JdbcEventStoreSettings(null, "", Duration.ZERO))
			.withMessageContaining("events.jdbc.gap-timeout");
	}

}
