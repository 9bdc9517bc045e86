package dev.events.jdbc;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import javax.sql.DataSource;

import dev.events.DeadLetter;
import dev.events.DeadLetters;
import dev.events.Delivery;
import dev.events.Event;
import dev.events.ReplayInfo;
import dev.events.SagaInfo;
import dev.events.Subscriber;
import dev.events.SubscriptionInfo;
import dev.events.bus.DurableEventBus;
import dev.events.store.ReplayRecord;
import dev.events.store.SchemaRecord;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.MigrationVersion;
import org.h2.jdbcx.JdbcDataSource;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.core.io.ClassPathResource;
import org.springframework.jdbc.datasource.init.ResourceDatabasePopulator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;
import static org.awaitility.Awaitility.await;

/**
 * Tables of every earlier version, with what it left behind in them, brought up to date
 * and served by a node of this version: nothing is lost, repeated or overtaken.
 * <p>
 * What the version {@code n} had in addition to the one before is in
 * {@code upgrade/V<n>.sql}. A new migration needs such a file, and must not need a change
 * of those that are there.
 */
@ParameterizedClass
@ValueSource(strings = { "postgresql", "h2" })
@Timeout(180)
class UpgradeTests {

	private static final Duration SOON = Duration.ofSeconds(60);

	private final String database;

	private final DataSource dataSource;

	private final List<String> handled = new CopyOnWriteArrayList<>();

	UpgradeTests(String database) {
		this.database = database;
		this.dataSource = database.equals("h2") ? h2() : JdbcStoreFixture.newPostgresDatabase().dataSource();
	}

	private static DataSource h2() {
		JdbcDataSource dataSource = new JdbcDataSource();
		dataSource.setURL("jdbc:h2:mem:" + UUID.randomUUID() + ";DB_CLOSE_DELAY=-1");
		return dataSource;
	}

	static List<Integer> versions() {
		List<Integer> versions = new ArrayList<>();
		for (var migration : flyway("h2", h2(), MigrationVersion.LATEST).info().all()) {
			versions.add(Integer.valueOf(migration.getVersion().getVersion()));
		}
		return versions;
	}

	private static Flyway flyway(String database, DataSource dataSource, MigrationVersion target) {
		return Flyway.configure()
			.dataSource(dataSource)
			.locations("classpath:dev/events/jdbc/migration/" + database)
			.table("events_schema_history")
			.baselineOnMigrate(true)
			.baselineVersion("0")
			.placeholders(Map.of("prefix", ""))
			.target(target)
			.load();
	}

	@ParameterizedTest
	@MethodSource("versions")
	void whatAnEarlierVersionLeftIsGoneOnWith(int version) {
		flyway(this.database, this.dataSource, MigrationVersion.fromVersion("" + version)).migrate();
		for (int i = 1; i <= version; i++) {
			new ResourceDatabasePopulator(new ClassPathResource("upgrade/V" + i + ".sql")).execute(this.dataSource);
		}

		new EventsSchema(this.dataSource, JdbcEventStoreSettings.DEFAULT).migrate();
		JdbcEventStore store = new JdbcEventStore(this.dataSource, JdbcEventStoreSettings.DEFAULT);
		try (DurableEventBus bus = DurableEventBus.builder(store).build()) {
			bus.subscribe(Subscriber.to("order.*").id("mails").partitions(1).function(this::handle));
			bus.start();

			eventsAreDelivered(bus, version);
			deadLettersAreThere(bus);
			if (version >= 2) {
				assertThat(store.schemas().list()).extracting(SchemaRecord::type, SchemaRecord::version)
					.containsExactly(tuple("order.placed", "1.0.0"));
			}
			if (version >= 4) {
				replayIsCompleted(store);
			}
			if (version >= 5) {
				SubscriptionInfo hook = bus.subscriptions().find("hook").orElseThrow();
				assertThat(hook.createdFrom()).isEqualTo("sql");
				assertThat(hook.note()).contains("until Monday");
			}
			if (version >= 6) {
				assertThat(store.subjectKeys()
					.find("00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff")
					.orElseThrow()
					.isErased()).isTrue();
			}
			if (version >= 7) {
				SagaInfo saga = bus.sagas().find("order", "o-1").orElseThrow();
				assertThat(saga.completedSteps()).containsExactly("order.placed");
				assertThat(saga.state()).isEqualTo("{\"amount\":1.50}");
				assertThat(saga.failure()).isNull();
			}
		}
	}

	private @Nullable Object handle(Event<Object> event, Delivery delivery) {
		this.handled.add(event.data() + (delivery.isReplay() ? " again" : ""));
		return null;
	}

	private void eventsAreDelivered(DurableEventBus bus, int version) {
		bus.publish(Event.of("order.placed", 8).withKey("a"));
		List<String> expected = new ArrayList<>(List.of("2", "3", "5", "6", "8"));
		if (version >= 3) {
			expected.add("7");
		}
		if (version >= 4) {
			expected.add("4 again");
		}
		await().atMost(SOON)
			.untilAsserted(() -> assertThat(this.handled).containsExactlyInAnyOrderElementsOf(expected));
		assertThat(this.handled.stream().filter(List.of("2", "3", "6", "8")::contains)).containsExactly("2", "3", "6",
				"8");
	}

	private void deadLettersAreThere(DurableEventBus bus) {
		DeadLetter letter = bus.deadLetters().list(DeadLetters.Filter.all(), 10, null).deadLetters().get(0);
		assertThat(letter.attempts()).isEqualTo(5);
		assertThat(bus.deadLetters().retry(letter.id())).isTrue();
		await().atMost(SOON).until(() -> this.handled.contains("1"));
	}

	private static void replayIsCompleted(JdbcEventStore store) {
		await().atMost(SOON)
			.until(() -> store.replays().list().stream().map(ReplayRecord::state).toList(),
					List.of(ReplayInfo.State.COMPLETED)::equals);
	}

}
