package dev.events.jdbc;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

import dev.events.DeadLetters;
import dev.events.EventStoreException;
import dev.events.StartPosition;
import dev.events.store.Checkpoint;
import dev.events.store.DeliveryChange;
import dev.events.store.EventRecord;
import dev.events.store.EventStore;
import dev.events.store.Lease;
import dev.events.store.PartitionId;
import dev.events.store.SubscriptionRecord;
import dev.events.test.postgres.PostgresDatabase;
import dev.events.test.store.EventRecords;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * What operators do to many dead letters at once, while nodes save their progress.
 */
class ConcurrentDeadLettersTests {

	private static final PartitionId PARTITION = new PartitionId("audit", 0);

	private static final DeliveryChange.Failure FAILURE = new DeliveryChange.Failure("x", null, "");

	// more than are taken at once
	private static final int DEAD_LETTERS = 600;

	private static final int ROUNDS = 20;

	private final PostgresDatabase database = JdbcStoreFixture.newPostgresDatabase();

	private final JdbcStoreFixture fixture = JdbcStoreFixture.postgres(this.database);

	private final EventStore store = this.fixture.store();

	private final ExecutorService threads = Executors.newCachedThreadPool();

	private final List<EventRecord> events = new ArrayList<>();

	private Lease lease;

	@BeforeEach
	void bury() {
		SubscriptionRecord audit = new SubscriptionRecord(PARTITION.subscription(), List.of("**"), "method", "{}", true,
				null, "code", 1);
		this.store.subscriptions().register(audit, StartPosition.BEGINNING);
		this.lease = this.store.cursors().claim("node", List.of(PARTITION), Duration.ofHours(1)).get(0);
		for (int i = 0; i < DEAD_LETTERS; i++) {
			this.events.add(EventRecords.event((i % 2 == 0) ? "even" : "odd", null));
		}
		// the last one is stored first, so that no scan finds them in the order of the
		// log
		List<DeliveryChange> burials = burials();
		Collections.reverse(burials);
		burials.forEach((burial) -> checkpoint(List.of(burial)));
	}

	@AfterEach
	void close() {
		this.threads.shutdownNow();
		this.fixture.close();
	}

	private List<DeliveryChange> burials() {
		List<DeliveryChange> burials = new ArrayList<>();
		for (int i = 0; i < DEAD_LETTERS; i++) {
			burials.add(new DeliveryChange.Bury(UUID.randomUUID(), this.events.get(i), i + 1, 1, FAILURE, false));
		}
		return burials;
	}

	private void checkpoint(List<DeliveryChange> changes) {
		List<Checkpoint> checkpoints = List.of(new Checkpoint(this.lease, DEAD_LETTERS, changes));
		for (int attempt = 1;; attempt++) {
			try {
				assertThat(this.store.cursors().checkpoint(checkpoints)).isEmpty();
				return;
			}
			catch (EventStoreException ex) {
				// who has a row may stand still for longer than a checkpoint waits; nodes
				// try again then, but a deadlock must not be
				if (!Database.isLocked(ex) || attempt == 20) {
					throw ex;
				}
			}
		}
	}

	private Future<Void> repeat(Callable<?> action) {
		return this.threads.submit(() -> {
			for (int round = 0; round < ROUNDS; round++) {
				action.call();
			}
			return null;
		});
	}

	@Test
	void retryingManyDoesNotDisturbCheckpoints() throws Exception {
		Future<Void> retries = repeat(() -> this.store.deliveries().retry(DeadLetters.Filter.all()));
		Future<Void> checkpoints = repeat(() -> {
			checkpoint(burials());
			return true;
		});
		Future<Void> mixed = repeat(() -> {
			List<DeliveryChange> changes = new ArrayList<>();
			for (DeliveryChange burial : burials()) {
				changes.add((burial.position() % 3 == 0) ? new DeliveryChange.Release(burial.position()) : burial);
			}
			checkpoint(changes);
			return true;
		});
		retries.get();
		checkpoints.get();
		mixed.get();
		this.store.deliveries().retry(DeadLetters.Filter.all());
		assertThat(this.store.deliveries().countDeadLetters(DeadLetters.Filter.all())).isZero();
		assertThat(this.store.deliveries().counts()).singleElement()
			.satisfies((counts) -> assertThat(counts.waiting()).isEqualTo(DEAD_LETTERS));
	}

	@Test
	void operatorsDoNotDisturbEachOther() throws Exception {
		DeadLetters.Filter odd = DeadLetters.Filter.all().type("odd");
		Future<Void> burials = repeat(() -> {
			checkpoint(burials());
			return true;
		});
		Future<Void> retries = repeat(() -> this.store.deliveries().retry(DeadLetters.Filter.all()));
		Future<Void> discards = repeat(() -> this.store.deliveries().discard(odd));
		burials.get();
		retries.get();
		discards.get();
		checkpoint(burials());
		assertThat(this.store.deliveries().discard(odd)).isEqualTo(DEAD_LETTERS / 2);
		assertThat(this.store.deliveries().discard(DeadLetters.Filter.all())).isEqualTo(DEAD_LETTERS / 2);
		assertThat(this.store.deliveries().counts()).isEmpty();
	}

	/**
	 * Who waits for the first delivery must not have locked any other: then nobody can
	 * wait for him and hold the first one.
	 */
	private void locksTheFirstOneFirst(Callable<?> action) throws Exception {
		try (Connection first = connect(); Connection others = connect()) {
			lock(first, "position = 1");
			Future<?> waiting = this.threads.submit(action);
			await().until(() -> waits(others));
			lock(others, "position > 1");
			others.rollback();
			first.rollback();
			waiting.get();
		}
	}

	private Connection connect() throws SQLException {
		Connection connection = DriverManager.getConnection(this.database.jdbcUrl(), this.database.user(),
				this.database.password());
		connection.setAutoCommit(false);
		return connection;
	}

	private static void lock(Connection connection, String condition) throws SQLException {
		Sql.query(connection, "select 1 from event_deliveries where " + condition + " for update nowait",
				(rows) -> rows.getInt(1));
	}

	private static boolean waits(Connection connection) throws SQLException {
		return Sql.queryLong(connection, "select count(*) from pg_stat_activity where wait_event_type = 'Lock'"
				+ " and datname = current_database()") > 0;
	}

	@Test
	void operationsLockInTheOrderOfTheLog() throws Exception {
		locksTheFirstOneFirst(() -> this.store.deliveries().retry(DeadLetters.Filter.all()));
		checkpoint(burials());
		locksTheFirstOneFirst(() -> this.store.deliveries().discard(DeadLetters.Filter.all()));
	}

	@Test
	void checkpointsLockInTheOrderOfTheLog() throws Exception {
		locksTheFirstOneFirst(() -> {
			List<DeliveryChange> changes = burials();
			changes.set(0, new DeliveryChange.Release(1));
			checkpoint(changes);
			return true;
		});
	}

	@Test
	void changesOfASubscriptionLockInTheOrderOfTheLog() throws Exception {
		locksTheFirstOneFirst(() -> {
			SubscriptionRecord audit = new SubscriptionRecord(PARTITION.subscription(), List.of("**"), "method", "{}",
					true, null, "code", 3);
			return this.store.subscriptions().register(audit, StartPosition.HEAD);
		});
		locksTheFirstOneFirst(() -> this.store.subscriptions().delete(PARTITION.subscription()));
	}

}
