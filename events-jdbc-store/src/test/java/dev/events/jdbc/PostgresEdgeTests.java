package dev.events.jdbc;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;

import com.zaxxer.hikari.HikariDataSource;
import dev.events.DeadLetters;
import dev.events.EventStoreException;
import dev.events.StartPosition;
import dev.events.store.Checkpoint;
import dev.events.store.DeliveryChange;
import dev.events.store.EventCriteria;
import dev.events.store.EventRecord;
import dev.events.store.Lease;
import dev.events.store.PartitionId;
import dev.events.store.StoredEvent;
import dev.events.store.SubscriptionRecord;
import dev.events.test.postgres.PostgresDatabase;
import dev.events.test.store.EventRecords;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.dao.DataIntegrityViolationException;
import org.springframework.jdbc.core.simple.JdbcClient;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * What other programs, odd settings and failing handlers may bring about.
 */
class PostgresEdgeTests {

	private static final PartitionId PARTITION = new PartitionId("audit", 0);

	private final PostgresDatabase database = JdbcStoreFixture.newPostgresDatabase();

	private final HikariDataSource dataSource = pool();

	private final JdbcEventStore store = store(this.dataSource);

	private HikariDataSource pool() {
		HikariDataSource pool = new HikariDataSource();
		pool.setJdbcUrl(this.database.jdbcUrl());
		pool.setUsername(this.database.user());
		pool.setPassword(this.database.password());
		pool.setMaximumPoolSize(12);
		pool.setMinimumIdle(0);
		return pool;
	}

	private static JdbcEventStore store(HikariDataSource dataSource) {
		new EventsSchema(dataSource, JdbcEventStoreSettings.DEFAULT).migrate();
		return new JdbcEventStore(dataSource, JdbcEventStoreSettings.DEFAULT);
	}

	@AfterEach
	void close() {
		this.dataSource.close();
	}

	private static void register(JdbcEventStore store, int partitions) {
		SubscriptionRecord audit = new SubscriptionRecord(PARTITION.subscription(), List.of("**"), "method", "{}", true,
				null, "code", partitions);
		store.subscriptions().register(audit, StartPosition.BEGINNING);
	}

	private void checkpoint(long position, DeliveryChange... changes) {
		register(this.store, 1);
		Lease lease = this.store.cursors().claim("node", List.of(PARTITION), Duration.ofMinutes(1)).get(0);
		assertThat(this.store.cursors().checkpoint(List.of(new Checkpoint(lease, position, List.of(changes)))))
			.isEmpty();
	}

	@Test
	void errorThatTheDatabaseCannotHoldDoesNotStopACheckpoint() {
		EventRecord event = EventRecords.event("a", "k");
		long position = this.store.log().append(List.of(event)).get(0);
		DeliveryChange.Failure failure = new DeliveryChange.Failure("x".repeat(2_000), "bad \0 byte", "stack \0");
		checkpoint(position, new DeliveryChange.Bury(UUID.randomUUID(), event, position, 1, failure, false));
		assertThat(this.store.deliveries().deadLetters(DeadLetters.Filter.all(), null, 10)).singleElement()
			.satisfies((delivery) -> assertThat(delivery.failure())
				.isEqualTo(new DeliveryChange.Failure("x".repeat(1_000), "bad \uFFFD byte", "stack \uFFFD")));
	}

	@Test
	void allChangesOfOneDeliveryAreAppliedInOrder() {
		EventRecord event = EventRecords.event("a", "k");
		long position = this.store.log().append(List.of(event)).get(0);
		DeliveryChange.Failure failure = new DeliveryChange.Failure("x", null, "");
		checkpoint(position, new DeliveryChange.Bury(UUID.randomUUID(), event, position, 1, failure, true),
				new DeliveryChange.Release(position));
		assertThat(this.store.deliveries().deadLetters(DeadLetters.Filter.all(), null, 10)).singleElement()
			.satisfies((delivery) -> assertThat(delivery.holding()).isFalse());
		checkpoint(position, new DeliveryChange.Complete(position),
				new DeliveryChange.Queue(UUID.randomUUID(), event, position));
		assertThat(this.store.deliveries().counts()).singleElement()
			.satisfies((counts) -> assertThat(counts.waiting()).isEqualTo(1));
	}

	@Test
	void typeThatIsNotValidIsRefused() {
		assertThatExceptionOfType(DataIntegrityViolationException.class)
			.isThrownBy(() -> JdbcClient.create(this.dataSource)
				.sql("insert into event_store (event_type, data) values ('not a type', '1')")
				.update());
	}

	@ParameterizedTest
	@ValueSource(strings = { "{\"text\":\"t\",\"object\":{\"x\":1},\"none\":null}", "[1]", "\"text\"" })
	void oddMetadataDoesNotStopReaders(String metadata) {
		JdbcClient.create(this.dataSource)
			.sql("insert into event_store (event_type, data, metadata) values ('a', '1', ?::jsonb)")
			.param(metadata)
			.update();
		this.store.log().append(EventRecords.events(1));
		List<StoredEvent> events = this.store.log().follow(0, 10).events();
		assertThat(events).hasSize(2);
		if (metadata.contains("none")) {
			assertThat(events.get(0).event().metadata()).containsEntry("text", "t")
				.containsEntry("object", "{\"x\":1}")
				.containsEntry("none", "null");
		}
	}

	@Test
	void chainIsFoundWithItsFirstEventWhoeverWroteIt() {
		UUID first = UUID.randomUUID();
		JdbcClient.create(this.dataSource)
			.sql("insert into event_store (id, event_type, data) values (?, 'sql', '1')")
			.param(first)
			.update();
		UUID second = UUID.randomUUID();
		this.store.log()
			.append(List.of(EventRecords.event("a").correlationId(first.toString()).build(),
					EventRecords.event("b").id(second).build(), EventRecords.event("c").correlationId("text").build()));
		assertThat(chain(first.toString())).containsExactly("sql", "a");
		assertThat(chain(second.toString())).containsExactly("b");
		assertThat(chain("text")).containsExactly("c");
	}

	private List<String> chain(String correlationId) {
		EventCriteria criteria = new EventCriteria(List.of(), null, null, null, correlationId, null, null, Map.of(),
				false, null);
		return this.store.log().query(criteria, 10).stream().map((stored) -> stored.event().type()).toList();
	}

	@Test
	void sequenceThatWouldLoseEventsIsRefused() {
		JdbcClient.create(this.dataSource).sql("alter sequence event_store_position_seq cache 20").update();
		assertThatExceptionOfType(EventStoreException.class).isThrownBy(() -> this.store.log().head())
			.withMessageContaining("CACHE 1");
	}

	@Test
	void headIsThePositionOfAnEvent() {
		this.store.log().append(EventRecords.events(2));
		EventRecord known = this.store.log().query(EventCriteria.ALL, 1).get(0).event();
		this.store.log().append(List.of(known));
		assertThat(this.store.log().head()).isEqualTo(2);
	}

	@ParameterizedTest
	@ValueSource(strings = { "TRANSACTION_REPEATABLE_READ", "TRANSACTION_SERIALIZABLE" })
	void nodesDoNotDisturbEachOtherWhateverThePoolsIsolation(String isolation) throws Exception {
		try (HikariDataSource strict = pool()) {
			strict.setTransactionIsolation(isolation);
			JdbcEventStore strictStore = store(strict);
			register(strictStore, 16);
			List<PartitionId> partitions = IntStream.range(0, 16)
				.mapToObj((partition) -> new PartitionId(PARTITION.subscription(), partition))
				.toList();
			var threads = Executors.newFixedThreadPool(8);
			List<Future<?>> nodes = new ArrayList<>();
			for (int node = 0; node < 8; node++) {
				String name = "node-" + node;
				nodes.add(threads.submit(() -> serve(strictStore, name, partitions)));
			}
			for (Future<?> node : nodes) {
				node.get();
			}
			threads.shutdown();
			assertThat(JdbcClient.create(strict).sql("show transaction_isolation").query(String.class).single())
				.isEqualTo(isolation.substring("TRANSACTION_".length()).replace('_', ' ').toLowerCase());
		}
	}

	private static void serve(JdbcEventStore store, String node, List<PartitionId> partitions) {
		for (int round = 0; round < 10; round++) {
			List<Lease> leases = store.cursors().claim(node, partitions, Duration.ofMinutes(1));
			store.cursors().renew(leases, Duration.ofMinutes(1));
			store.cursors().checkpoint(leases.stream().map((lease) -> new Checkpoint(lease, 5, List.of())).toList());
			store.nodes().heartbeat(node, Set.of(), Duration.ofMinutes(1));
			store.cursors().release(leases);
		}
	}

	@Test
	void schemaInMixedCaseIsFound() {
		JdbcClient.create(this.dataSource).sql("create schema \"My \"\"App\"").update();
		try (HikariDataSource mixed = pool()) {
			mixed.setSchema("My \"App");
			JdbcEventStore mixedStore = store(mixed);
			mixedStore.log().append(EventRecords.events(3));
			assertThat(mixedStore.log().follow(0, 10).events()).hasSize(3);
			assertThat(mixedStore.log().head()).isEqualTo(3);
		}
		assertThat(this.store.log().head()).isZero();
	}

	@Test
	void missingCurrentSchemaIsToldSo() {
		try (HikariDataSource nowhere = pool()) {
			nowhere.setSchema("nowhere");
			assertThatExceptionOfType(EventStoreException.class).isThrownBy(() -> store(nowhere))
				.withMessageContaining("events.jdbc.schema");
		}
	}

	@Test
	void roleThatMayOnlyInsertCanPublish() {
		JdbcClient admin = JdbcClient.create(this.dataSource);
		String role = "publisher_" + UUID.randomUUID().toString().replace('-', '_');
		admin.sql("create role " + role).update();
		admin.sql("grant insert on event_store to " + role).update();
		try (HikariDataSource publisher = pool()) {
			publisher.setConnectionInitSql("set role " + role);
			JdbcClient.create(publisher)
				.sql("insert into event_store (event_type, data) values ('a', '{}'), ('b', '{}')")
				.update();
		}
		finally {
			admin.sql("drop owned by " + role).update();
			admin.sql("drop role " + role).update();
		}
		assertThat(this.store.log().follow(0, 10).events()).hasSize(2);
	}

}
