package dev.events.jdbc;

import java.sql.Connection;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;

import dev.events.EventStoreException;
import dev.events.StartPosition;
import dev.events.store.Checkpoint;
import dev.events.store.CursorState;
import dev.events.store.Cursors;
import dev.events.store.Lease;
import dev.events.store.PartitionId;
import dev.events.store.SubscriptionRecord;
import dev.events.test.postgres.PostgresDatabase;
import dev.events.test.postgres.PostgresServer;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.postgresql.ds.PGSimpleDataSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * A process that sleeps in the middle of a transaction has a cursor's row locked, for
 * hours perhaps. That must cost others this one partition at most.
 */
@Timeout(60)
class SleepingNodeTests {

	private static final Duration LONG = Duration.ofMinutes(1);

	private static final List<PartitionId> ALL = IntStream.range(0, 4)
		.mapToObj((partition) -> new PartitionId("s", partition))
		.toList();

	private static final PartitionId LOCKED = ALL.get(1);

	private final PGSimpleDataSource dataSource = new PGSimpleDataSource();

	private Cursors cursors;

	@BeforeEach
	void setUp() {
		PostgresDatabase database = PostgresServer.shared().createDatabase();
		this.dataSource.setUrl(database.jdbcUrl());
		this.dataSource.setUser(database.user());
		this.dataSource.setPassword(database.password());
		new EventsSchema(this.dataSource, JdbcEventStoreSettings.DEFAULT).migrate();
		JdbcEventStore store = new JdbcEventStore(this.dataSource, JdbcEventStoreSettings.DEFAULT);
		store.subscriptions()
			.register(new SubscriptionRecord("s", List.of("a"), "handler", "{}", true, null, "code", ALL.size()),
					StartPosition.HEAD);
		this.cursors = store.cursors();
	}

	private void whileLocked(Work work) throws Exception {
		try (Connection sleeping = this.dataSource.getConnection()) {
			sleeping.setAutoCommit(false);
			sleeping.createStatement()
				.executeUpdate("update event_cursors set position = position + 0 where partition_no = 1");
			work.run();
			sleeping.rollback();
		}
	}

	@Test
	void othersAreClaimedWithoutWaiting() throws Exception {
		whileLocked(() -> {
			assertThat(this.cursors.claim("n", ALL, LONG)).extracting(Lease::partition)
				.containsExactlyElementsOf(ALL.stream().filter((id) -> !id.equals(LOCKED)).toList());
		});
		assertThat(this.cursors.claim("n", List.of(LOCKED), LONG)).hasSize(1);
	}

	@Test
	void othersAreRenewed() throws Exception {
		List<Lease> leases = this.cursors.claim("n", ALL, LONG);
		whileLocked(() -> assertThat(this.cursors.renew(leases, LONG))
			.containsExactlyInAnyOrderElementsOf(ALL.stream().filter((id) -> !id.equals(LOCKED)).toList()));
		assertThat(this.cursors.renew(leases, LONG)).isEqualTo(Set.copyOf(ALL));
	}

	@Test
	void othersAreReleased() throws Exception {
		List<Lease> leases = this.cursors.claim("n", ALL, LONG);
		whileLocked(() -> this.cursors.release(leases));
		assertThat(this.cursors.list()).allSatisfy(
				(cursor) -> assertThat(cursor.owner()).isEqualTo(cursor.partition().equals(LOCKED) ? "n" : null));
	}

	@Test
	void progressTogetherWithItFailsSoon() throws Exception {
		List<Lease> leases = this.cursors.claim("n", ALL, LONG);
		List<Checkpoint> checkpoints = leases.stream().map((lease) -> new Checkpoint(lease, 7, List.of())).toList();
		whileLocked(() -> {
			assertThatExceptionOfType(EventStoreException.class).isThrownBy(() -> this.cursors.checkpoint(checkpoints));
			assertThat(this.cursors.checkpoint(checkpoints.subList(2, 4))).isEmpty();
		});
		assertThat(this.cursors.list()).extracting(CursorState::position).containsExactly(0L, 0L, 7L, 7L);
	}

	private interface Work {

		void run() throws Exception;

	}

}
