package dev.events.jdbc;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import dev.events.bus.DurableEventBus;
import dev.events.store.EventRecord;
import dev.events.store.EventStore;
import dev.events.store.Schedule;
import dev.events.store.ScheduledRecord;
import dev.events.test.postgres.PostgresDatabase;
import dev.events.test.store.EventRecords;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.transaction.TransactionDefinition;
import org.springframework.transaction.support.TransactionTemplate;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Scheduled events and the transactions of those who schedule and cancel them.
 */
@Timeout(180)
class ScheduleTests {

	// the common ones are few, and for those who do not wait
	private static final Executor OWN_THREAD = (task) -> new Thread(task).start();

	@Nested
	class OnPostgres extends Scenarios {

		private static final PostgresDatabase DATABASE = JdbcStoreFixture.newPostgresDatabase();

		@Override
		HikariDataSource dataSource() {
			return pool(DATABASE.jdbcUrl(), DATABASE.user(), DATABASE.password());
		}

		/**
		 * Order is kept although whoever holds a row might not delete it in the end.
		 */
		@Test
		void aCancellationThatIsNotCommittedHoldsBackItsKeyOnly() {
			EventRecord first = event("k", 1);
			EventRecord second = event("k", 2);
			EventRecord third = event("k", 3);
			schedule(due(-3), first);
			schedule(due(-2), second, event("other", 1), EventRecords.event("none").build());
			schedule(due(-1), third);
			this.transaction.executeWithoutResult((status) -> {
				assertThat(this.schedule.cancel(second.id())).isTrue();
				assertThat(elsewhere(() -> this.schedule.release(1).types())).containsExactly("k.1");
				assertThat(elsewhere(() -> this.schedule.release(2).types())).containsExactly("other.1");
				assertThat(elsewhere(() -> this.schedule.release(100).types())).containsExactly("none");
				assertThat(elsewhere(() -> this.schedule.release(100).types())).isEmpty();
				status.setRollbackOnly();
			});
			assertThat(this.schedule.release(100).types()).containsExactly("k.2", "k.3");
			assertThat(types()).containsExactly("k.1", "other.1", "none", "k.2", "k.3");
		}

		/**
		 * Although they fill more than a batch, and what is due of others stands behind
		 * them.
		 */
		@Test
		void manyEventsThatAreHeldBackDoNotHoldUpOtherKeys() {
			EventRecord first = event("k", 0);
			schedule(due(-10), first);
			for (int i = 0; i < 4; i++) {
				schedule(due(-9),
						Stream.generate(() -> EventRecords.event("k").key("k").build())
							.limit(500)
							.toArray(EventRecord[]::new));
			}
			schedule(due(-1), event("other", 1));
			try (DurableEventBus bus = DurableEventBus.builder(this.store).source("test").build()) {
				this.transaction.executeWithoutResult((status) -> {
					assertThat(this.schedule.cancel(first.id())).isTrue();
					elsewhere(() -> {
						bus.start();
						return null;
					});
					Awaitility.await()
						.atMost(Duration.ofSeconds(20))
						.until(() -> elsewhere(this::types).equals(List.of("other.1")));
				});
				Awaitility.await().atMost(Duration.ofSeconds(30)).until(() -> this.schedule.count() == 0);
			}
			assertThat(this.store.log().follow(0, 10_000).events()).hasSize(2001);
		}

		/** As a node does that dies, or falls asleep, while it releases. */
		@Test
		void whoeverReleasesWithoutEndDelaysAndLosesNothing() throws Exception {
			schedule(due(-2), event("k", 1), event("k", 2));
			CountDownLatch released = new CountDownLatch(1);
			CountDownLatch dies = new CountDownLatch(1);
			Database other = new Database(this.dataSource);
			Thread dying = new Thread(() -> {
				try {
					other.transaction("release", (connection) -> {
						connection.createStatement()
							.execute("select pg_advisory_xact_lock(" + 0x45565343
									+ ", 'event_schedule'::regclass::oid::integer)");
						connection.createStatement().execute("delete from event_schedule");
						released.countDown();
						await(dies);
						throw new IllegalStateException("dies");
					});
				}
				catch (IllegalStateException ex) {
					// rolled back
				}
			});
			dying.start();
			assertThat(released.await(20, TimeUnit.SECONDS)).isTrue();
			assertThat(this.schedule.release(100).types()).isEmpty();
			assertThat(types()).isEmpty();
			dies.countDown();
			dying.join();
			assertThat(this.schedule.release(100).types()).containsExactly("k.1", "k.2");
			assertThat(types()).containsExactly("k.1", "k.2");
		}

		/** Events of others that are not committed hold back what is released, too. */
		@Test
		void whatIsReleasedIsNotSeenBeforeWhatWasAppendedEarlier() {
			schedule(due(-2), event("k", 1));
			this.transaction.executeWithoutResult((status) -> {
				this.store.log().append(List.of(event("open", 1)));
				assertThat(elsewhere(() -> this.schedule.release(100).types())).containsExactly("k.1");
				assertThat(elsewhere(this::types)).isEmpty();
			});
			assertThat(types()).containsExactly("open.1", "k.1");
		}

		/** The server keeps the plan that it made while there were few. */
		@Test
		void manyAreReleasedSoonAfterAQuietNight() {
			JdbcClient client = JdbcClient.create(this.dataSource);
			client.sql("vacuum analyze event_schedule").update();
			for (int i = 0; i < 50; i++) {
				schedule(due(-1), event("k", i));
				assertThat(this.schedule.release(500).types()).hasSize(1);
			}
			client.sql("""
					insert into event_schedule (due_at, id, event_type, version, source, event_key, occurred_at, data)
					select now() - interval '1 day' + i * interval '1 second', gen_random_uuid(), 'a.b', '1.0.0', 's',
						'k' || i, now(), '{}'
					from generate_series(1, 30000) i""").update();
			long begin = System.nanoTime();
			while (this.schedule.count() > 0) {
				assertThat(this.schedule.release(500).types()).hasSize(500);
			}
			// 60 releases, of which each took seconds
			assertThat(Duration.ofNanos(System.nanoTime() - begin)).isLessThan(Duration.ofSeconds(60));
		}

		@Test
		void whatIsDueIsFoundThroughTheIndexHoweverManyWait() {
			JdbcClient client = JdbcClient.create(this.dataSource);
			client
				.sql("""
						insert into event_schedule (due_at, id, event_type, version, source, event_key, occurred_at, data)
						select now() + i * interval '1 second', gen_random_uuid(), 'a.b', '1.0.0', 's', 'k' || i, now(), '{}'
						from generate_series(1, 20000) i""")
				.update();
			client.sql("analyze event_schedule").update();
			String plan = String.join("\n", client
				.sql("explain select due_at from event_schedule order by due_at, " + "number fetch first 1 row only")
				.query(String.class)
				.list());
			assertThat(plan).contains("event_schedule_due").doesNotContain("Seq Scan").doesNotContain("Sort");
		}

	}

	@Nested
	class OnH2 extends Scenarios {

		@Override
		HikariDataSource dataSource() {
			return pool("jdbc:h2:mem:" + UUID.randomUUID() + ";DB_CLOSE_DELAY=-1", "sa", "");
		}

	}

	private static HikariDataSource pool(String url, String user, String password) {
		HikariConfig config = new HikariConfig();
		config.setJdbcUrl(url);
		config.setUsername(user);
		config.setPassword(password);
		config.setMaximumPoolSize(4);
		return new HikariDataSource(config);
	}

	private static void await(CountDownLatch latch) {
		try {
			assertThat(latch.await(30, TimeUnit.SECONDS)).isTrue();
		}
		catch (InterruptedException ex) {
			throw new IllegalStateException(ex);
		}
	}

	abstract static class Scenarios {

		final HikariDataSource dataSource = dataSource();

		final EventStore store = store();

		final Schedule schedule = this.store.schedule();

		final TransactionTemplate transaction = new TransactionTemplate(new JdbcTransactionManager(this.dataSource));

		abstract HikariDataSource dataSource();

		private EventStore store() {
			new EventsSchema(this.dataSource, JdbcEventStoreSettings.DEFAULT).migrate();
			JdbcClient.create(this.dataSource).sql("delete from event_store").update();
			JdbcClient.create(this.dataSource).sql("delete from event_schedule").update();
			return new JdbcEventStore(this.dataSource, JdbcEventStoreSettings.DEFAULT);
		}

		@AfterEach
		void close() {
			this.dataSource.close();
		}

		static EventRecord event(String key, int number) {
			return EventRecords.event(key + "." + number).key(key).build();
		}

		Instant due(int seconds) {
			return this.store.now().plusSeconds(seconds);
		}

		void schedule(Instant due, EventRecord... events) {
			assertThat(this.schedule.add(List.of(events), due)).containsOnly(true);
		}

		/** Outside the transaction of the calling thread. */
		<T> T elsewhere(java.util.function.Supplier<T> action) {
			return CompletableFuture.supplyAsync(action, OWN_THREAD).join();
		}

		List<String> types() {
			return this.store.log().follow(0, 100).events().stream().map((event) -> event.event().type()).toList();
		}

		List<String> waiting() {
			return this.schedule.list(null, 100).stream().map(ScheduledRecord::event).map(EventRecord::type).toList();
		}

		@Test
		void schedulingIsPartOfTheTransaction() {
			EventRecord event = event("a", 1);
			this.transaction.executeWithoutResult((status) -> {
				schedule(due(-1), event);
				assertThat(elsewhere(this::waiting)).isEmpty();
				assertThat(elsewhere(() -> this.schedule.release(10).types())).isEmpty();
				status.setRollbackOnly();
			});
			assertThat(waiting()).isEmpty();
			this.transaction.executeWithoutResult((status) -> schedule(due(-1), event));
			assertThat(this.schedule.release(10).types()).containsExactly("a.1");
		}

		@Test
		void aCancellationThatIsRolledBackCancelsNothing() {
			EventRecord event = event("a", 1);
			schedule(due(60), event);
			this.transaction.executeWithoutResult((status) -> {
				assertThat(this.schedule.cancel(event.id())).isTrue();
				assertThat(this.schedule.cancel(event.id())).isFalse();
				status.setRollbackOnly();
			});
			assertThat(waiting()).containsExactly("a.1");
			this.transaction.executeWithoutResult((status) -> this.schedule.cancel(event.id()));
			assertThat(waiting()).isEmpty();
		}

		@Test
		void whatIsScheduledInATransactionCanBeCancelledInIt() {
			EventRecord event = event("a", 1);
			this.transaction.executeWithoutResult((status) -> {
				schedule(due(60), event);
				assertThat(this.schedule.cancel(event.id())).isTrue();
			});
			assertThat(waiting()).isEmpty();
		}

		@Test
		void aSavepointUndoesBoth() {
			TransactionTemplate nested = new TransactionTemplate(this.transaction.getTransactionManager());
			nested.setPropagationBehavior(TransactionDefinition.PROPAGATION_NESTED);
			EventRecord before = event("a", 1);
			schedule(due(60), before);
			this.transaction.executeWithoutResult((status) -> nested.executeWithoutResult((inner) -> {
				schedule(due(60), event("a", 2));
				this.schedule.cancel(before.id());
				inner.setRollbackOnly();
			}));
			assertThat(waiting()).containsExactly("a.1");
		}

		@Test
		void aReleaseIsNeverPartOfTheCallersTransaction() {
			schedule(due(-1), event("a", 1));
			this.transaction.executeWithoutResult((status) -> {
				assertThat(this.schedule.release(10).types()).containsExactly("a.1");
				status.setRollbackOnly();
			});
			assertThat(types()).containsExactly("a.1");
		}

		@Test
		void aSingleEventInTransactionThatHoldsTheLastConnectionNeedsNoOther() {
			HikariConfig config = new HikariConfig();
			this.dataSource.copyStateTo(config);
			config.setMaximumPoolSize(1);
			config.setConnectionTimeout(Duration.ofSeconds(15).toMillis());
			try (HikariDataSource pool = new HikariDataSource(config)) {
				EventStore store = new JdbcEventStore(pool, JdbcEventStoreSettings.DEFAULT);
				EventRecord event = event("a", 1);
				new TransactionTemplate(new JdbcTransactionManager(pool)).executeWithoutResult((status) -> {
					store.schedule().add(List.of(event), store.now().plusSeconds(60));
					store.schedule().cancel(event.id());
				});
			}
		}

	}

}
