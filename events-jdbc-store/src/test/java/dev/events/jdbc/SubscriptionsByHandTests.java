package dev.events.jdbc;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.IntStream;

import dev.events.Event;
import dev.events.Subscriber;
import dev.events.SubscriptionInfo;
import dev.events.SubscriptionInfo.State;
import dev.events.bus.DurableEventBus;
import dev.events.connector.ConnectorContext;
import dev.events.connector.EventConnection;
import dev.events.connector.EventConnector;
import dev.events.delivery.DeliverySettings;
import dev.events.test.postgres.PostgresDatabase;
import dev.events.test.postgres.PostgresServer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.postgresql.ds.PGSimpleDataSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Subscriptions that somebody writes, changes and deletes with plain SQL, while two nodes
 * run.
 */
@Timeout(180)
class SubscriptionsByHandTests {

	private static final Duration SOON = Duration.ofSeconds(60);

	private final PGSimpleDataSource dataSource = new PGSimpleDataSource();

	private final Notebook notebook = new Notebook();

	private final List<DurableEventBus> buses = new ArrayList<>();

	private DurableEventBus bus;

	@BeforeEach
	void start() {
		PostgresDatabase database = PostgresServer.shared().createDatabase();
		this.dataSource.setUrl(database.jdbcUrl());
		this.dataSource.setUser(database.user());
		this.dataSource.setPassword(database.password());
		new EventsSchema(this.dataSource, JdbcEventStoreSettings.DEFAULT).migrate();
		this.bus = node();
		node();
	}

	@AfterEach
	void stop() {
		this.buses.forEach(DurableEventBus::close);
	}

	private DurableEventBus node() {
		DurableEventBus node = DurableEventBus
			.builder(new JdbcEventStore(this.dataSource, JdbcEventStoreSettings.DEFAULT))
			.delivery(DeliverySettings.DEFAULT.withLeaseDuration(Duration.ofSeconds(2)))
			.connectors(List.of(this.notebook))
			.build();
		node.start();
		this.buses.add(node);
		return node;
	}

	private int sql(String statement) throws SQLException {
		try (Connection connection = this.dataSource.getConnection(); Statement jdbc = connection.createStatement()) {
			return jdbc.executeUpdate(statement);
		}
	}

	private void publish(int from, int to) {
		IntStream.rangeClosed(from, to)
			.forEach((i) -> this.bus.publish(Event.of("order.placed", i).withKey("k" + i % 2)));
	}

	private SubscriptionInfo only() {
		return this.bus.subscriptions().list().get(0);
	}

	private void awaitActive() {
		await().atMost(SOON)
			.until(() -> this.bus.subscriptions().list().size() == 1 && only().state() == State.ACTIVE
					&& !only().owners().isEmpty());
	}

	private void awaitNotes(Integer... expected) {
		await().atMost(SOON).untilAsserted(() -> assertThat(this.notebook.notes).containsExactlyInAnyOrder(expected));
	}

	@Test
	void aRowIsASubscription() throws Exception {
		sql("insert into event_subscriptions (event_name, subscriber_type, config) "
				+ "values ('order.*,user.*', 'notebook', '{\"page\": 1}')");
		awaitActive();
		assertThat(only().createdFrom()).isEqualTo("sql");
		assertThat(only().partitions()).isEqualTo(4);
		publish(1, 4);
		awaitNotes(1, 2, 3, 4);
	}

	@Test
	void changesOfARowReachAllNodesAndLoseNothing() throws Exception {
		sql("insert into event_subscriptions (id, event_name, subscriber_type, config) "
				+ "values ('s', 'order.*', 'notebook', '{\"page\": 1}')");
		awaitActive();
		publish(1, 10);
		sql("update event_subscriptions set active = false, note = 'moving' where id = 's'");
		await().atMost(SOON).until(() -> only().owners().isEmpty());
		publish(11, 20);
		sql("update event_subscriptions set active = true, partitions = 7, config = '{\"page\": 2}' where id = 's'");
		publish(21, 30);
		awaitNotes(IntStream.rangeClosed(1, 30).boxed().toArray(Integer[]::new));
		await().atMost(SOON).until(() -> only().owners().values().stream().mapToInt(List::size).sum() == 7);
		for (int parity = 0; parity < 2; parity++) {
			int remainder = parity;
			assertThat(this.notebook.notes.stream().filter((i) -> i % 2 == remainder)).isSorted();
		}
	}

	@Test
	void aDeletedRowTakesAllWithIt() throws Exception {
		sql("insert into event_subscriptions (id, event_name, subscriber_type, config) "
				+ "values ('s', 'order.*', 'notebook', '{\"page\": 1}')");
		awaitActive();
		publish(-1, -1);
		await().atMost(SOON).until(() -> only().parked() == 1);
		sql("delete from event_subscriptions where id = 's'");
		await().atMost(SOON).until(() -> count("event_cursors") == 0 && count("event_deliveries") == 0);
		publish(1, 1);
		sql("insert into event_subscriptions (id, event_name, subscriber_type, config) "
				+ "values ('s', 'order.*', 'notebook', '{\"page\": 1}')");
		awaitActive();
		publish(2, 2);
		awaitNotes(2);
	}

	@Test
	void aRowDeletedWhileNoNodeRunsTakesAllWithIt() throws Exception {
		sql("insert into event_subscriptions (id, event_name, subscriber_type, config) "
				+ "values ('s', 'order.*', 'notebook', '{\"page\": 1}'), ('t', 'order.*', 'notebook', '{\"page\": 1}')");
		await().atMost(SOON).until(() -> count("event_cursors") == 8);
		await().atMost(SOON)
			.until(() -> this.bus.subscriptions()
				.list()
				.stream()
				.mapToInt((info) -> info.owners().values().stream().mapToInt(List::size).sum())
				.sum() == 8);
		publish(-1, -1);
		await().atMost(SOON).until(() -> count("event_deliveries") == 2);
		this.buses.forEach(DurableEventBus::close);
		sql("delete from event_subscriptions where id = 's'");
		this.bus = node();
		await().atMost(SOON).until(() -> count("event_cursors") == 4 && count("event_deliveries") == 1);
	}

	private long count(String table) throws SQLException {
		try (Connection connection = this.dataSource.getConnection()) {
			return Sql.queryLong(connection, "select count(*) from " + table);
		}
	}

	@Test
	void aBrokenRowIsShownAndCanBeMended() throws Exception {
		sql("insert into event_subscriptions (id, event_name, subscriber_type, config) "
				+ "values ('s', 'order.*', 'notebook', '{\"page\": \"one\"}')");
		await().atMost(SOON).until(() -> this.bus.subscriptions().list().size() == 1 && only().state() == State.BROKEN);
		assertThat(only().note()).contains("config.page");
		sql("insert into event_subscriptions (id, event_name, subscriber_type, config) "
				+ "values ('t', 'order.*', 'notebook', '{\"page\": 1}')");
		await().atMost(SOON)
			.until(() -> this.bus.subscriptions()
				.find("t")
				.filter((info) -> info.state() == State.ACTIVE && !info.owners().isEmpty())
				.isPresent());
		publish(1, 1);
		awaitNotes(1);
		sql("update event_subscriptions set config = '{\"page\": 3}' where id = 's'");
		await().atMost(SOON).until(() -> only().state() == State.ACTIVE && !only().owners().isEmpty());
		publish(2, 2);
		awaitNotes(1, 2, 2);
	}

	@Test
	void aSubscriberInTheCodeWhoseRowIsDeletedGoesOn() throws Exception {
		List<Object> received = new CopyOnWriteArrayList<>();
		this.bus.subscribe(Subscriber.to("order.*").id("code").handler((event) -> received.add(event.data())));
		publish(1, 1);
		await().atMost(SOON).until(() -> received.size() == 1);
		sql("delete from event_subscriptions where id = 'code'");
		await().atMost(SOON).until(() -> this.bus.subscriptions().find("code").isPresent());
		await().atMost(SOON).until(() -> only().state() == State.ACTIVE && !only().owners().isEmpty());
		publish(2, 2);
		await().atMost(SOON).until(() -> received.contains(2));
	}

	/**
	 * Writes numbers down; negative ones cannot be written.
	 */
	private static final class Notebook implements EventConnector<Notebook.Config> {

		private final List<Integer> notes = new CopyOnWriteArrayList<>();

		@Override
		public String type() {
			return "notebook";
		}

		@Override
		public Class<Config> configType() {
			return Config.class;
		}

		@Override
		public EventConnection connect(Config config, ConnectorContext context) {
			return (event, delivery) -> {
				int number = event.data().asInt();
				if (number < 0) {
					throw new IllegalStateException("negative");
				}
				this.notes.add(number);
			};
		}

		/** What a subscription says. */
		record Config(int page) {

		}

	}

}
