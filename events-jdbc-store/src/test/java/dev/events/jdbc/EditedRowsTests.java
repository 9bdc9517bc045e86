package dev.events.jdbc;

import java.sql.Connection;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;

import com.zaxxer.hikari.HikariDataSource;
import dev.events.EventStoreException;
import dev.events.StartPosition;
import dev.events.store.EventStore;
import dev.events.store.Lease;
import dev.events.store.PartitionId;
import dev.events.store.SubscriptionRecord;
import dev.events.test.postgres.PostgresDatabase;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.springframework.jdbc.core.simple.JdbcClient;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Rows of subscriptions that somebody edits with plain SQL, between the statements of the
 * nodes.
 */
@Timeout(60)
class EditedRowsTests {

	// the common ones are few, and for those who do not wait
	private static final Executor OWN_THREAD = (task) -> new Thread(task).start();

	private static final Duration LEASE = Duration.ofMinutes(1);

	@Nested
	class OnPostgres extends Scenarios {

		private static final PostgresDatabase DATABASE = JdbcStoreFixture.newPostgresDatabase();

		@Override
		void connect(HikariDataSource dataSource) {
			dataSource.setJdbcUrl(DATABASE.jdbcUrl());
			dataSource.setUsername(DATABASE.user());
			dataSource.setPassword(DATABASE.password());
		}

	}

	@Nested
	class OnH2 extends Scenarios {

		@Override
		void connect(HikariDataSource dataSource) {
			dataSource.setJdbcUrl("jdbc:h2:mem:" + UUID.randomUUID() + ";DB_CLOSE_DELAY=-1");
			dataSource.setUsername("sa");
		}

	}

	abstract static class Scenarios {

		private final HikariDataSource dataSource = new HikariDataSource();

		private final String id = UUID.randomUUID().toString();

		private JdbcClient jdbc;

		private EventStore store;

		abstract void connect(HikariDataSource dataSource);

		@BeforeEach
		void open() {
			connect(this.dataSource);
			new EventsSchema(this.dataSource, JdbcEventStoreSettings.DEFAULT).migrate();
			this.store = new JdbcEventStore(this.dataSource, JdbcEventStoreSettings.DEFAULT);
			this.jdbc = JdbcClient.create(this.dataSource);
		}

		@AfterEach
		void close() {
			this.dataSource.close();
		}

		private void create(int partitions) {
			this.store.subscriptions()
				.create(new SubscriptionRecord(this.id, List.of("order.*"), "webhook", "{}", true, null, "test",
						partitions), StartPosition.HEAD);
		}

		private void edit(String set) {
			this.jdbc.sql("update event_subscriptions set " + set + " where id = ?").param(this.id).update();
		}

		private List<Lease> claim(int partition) {
			return this.store.cursors().claim("node", List.of(new PartitionId(this.id, partition)), LEASE);
		}

		private int cursors() {
			return this.jdbc.sql("select count(*) from event_cursors where subscription_id = ?")
				.param(this.id)
				.query(Integer.class)
				.single();
		}

		@Test
		void aLeaseSaysHowManyCursorsThereAreAndNotWhatTheRowWants() {
			create(4);
			edit("partitions = 8");
			assertThat(claim(0)).extracting(Lease::partitions).containsExactly(4);
			assertThat(claim(5)).isEmpty();
			this.store.cursors().release(claim(0));
			this.store.subscriptions().open(this.id, StartPosition.HEAD);
			assertThat(claim(5)).extracting(Lease::partitions).containsExactly(8);
		}

		@Test
		void whatIsLeftOfARowIsNotClearedUnderOneThatComesBack() throws Exception {
			create(4);
			this.jdbc.sql("delete from event_subscriptions where id = ?").param(this.id).update();
			CompletableFuture<Void> clearing;
			try (Connection connection = this.dataSource.getConnection()) {
				connection.setAutoCommit(false);
				// as a node does that registers it anew: it counts the cursors that are
				// left
				Sql.update(connection, "insert into event_subscriptions (id, event_name, subscriber_type, created_from,"
						+ " partitions) values (?, 'order.*', 'handler', 'code', 4)", this.id);
				clearing = CompletableFuture.runAsync(() -> this.store.subscriptions().clear(this.id), OWN_THREAD);
				clearing.completeOnTimeout(null, 300, TimeUnit.MILLISECONDS).join();
				connection.commit();
			}
			clearing.join();
			assertThat(cursors()).isEqualTo(4);
		}

		@Test
		void whatIsLeftOfADeletedRowIsCleared() {
			create(4);
			this.jdbc.sql("delete from event_subscriptions where id = ?").param(this.id).update();
			this.store.subscriptions().clear(this.id);
			assertThat(cursors()).isZero();
			assertThat(this.store.subscriptions().find(this.id)).isEmpty();
		}

		@Test
		void aRowThatSomebodyHasInHandIsNotWaitedForLong() throws Exception {
			create(4);
			try (Connection connection = this.dataSource.getConnection()) {
				connection.setAutoCommit(false);
				Sql.update(connection, "update event_subscriptions set active = false where id = ?", this.id);
				assertThatExceptionOfType(EventStoreException.class)
					.isThrownBy(() -> this.store.subscriptions().open(this.id, StartPosition.HEAD));
				connection.rollback();
			}
			assertThat(this.store.subscriptions().open(this.id, StartPosition.HEAD)).isTrue();
		}

	}

}
