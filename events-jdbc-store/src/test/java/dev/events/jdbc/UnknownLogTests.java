package dev.events.jdbc;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import dev.events.EventPattern;
import dev.events.store.EventCriteria;
import dev.events.store.StoredEvent;
import dev.events.test.postgres.PostgresDatabase;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.jdbc.core.simple.JdbcClient;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Pages of a log that PostgreSQL has no statistics of, because it was filled or restored
 * just now: what they cost together is in proportion to the log, not to its square.
 */
class UnknownLogTests {

	private static final int EVENTS = 40_000;

	private static final PostgresDatabase DATABASE = JdbcStoreFixture.newPostgresDatabase();

	private static HikariDataSource dataSource;

	private static JdbcClient client;

	private static JdbcEventLog log;

	@BeforeAll
	static void fill() {
		HikariConfig config = new HikariConfig();
		config.setJdbcUrl(DATABASE.jdbcUrl());
		config.setUsername(DATABASE.user());
		config.setPassword(DATABASE.password());
		// which can tell its own statistics at once
		config.setMaximumPoolSize(1);
		dataSource = new HikariDataSource(config);
		client = JdbcClient.create(dataSource);
		new EventsSchema(DATABASE.dataSource(), JdbcEventStoreSettings.DEFAULT).migrate();
		client.sql("alter table event_store set (autovacuum_enabled = false)").update();
		client.sql("""
				insert into event_store (id, event_type, event_key, organization, data)
				select gen_random_uuid(), case when n % 100 = 0 then 'rare.thing' else 'often.thing' end,
					case when n % 2 = 0 then 'k' end, 'acme', json_build_object('text', repeat('x', 300))
				from generate_series(1, :events) as n order by n""").param("events", EVENTS).update();
		Database database = new Database(dataSource);
		Tables tables = Tables.of(JdbcEventStoreSettings.DEFAULT);
		log = new JdbcEventLog(database, tables, new PostgresDialect(), new PostgresHorizon(tables),
				new CallersWork(database), null);
	}

	@AfterAll
	static void close() {
		dataSource.close();
	}

	private static EventCriteria criteria(List<EventPattern> types, @Nullable String key, @Nullable String organization,
			boolean newestFirst) {
		return new EventCriteria(types, null, key, organization, null, null, null, Map.of(), newestFirst, null)
			.beyond(newestFirst ? EVENTS + 1L : 0L);
	}

	private static List<Long> readInPages(EventCriteria criteria) {
		List<Long> read = new ArrayList<>();
		EventCriteria rest = criteria;
		List<StoredEvent> page;
		do {
			page = log.query(rest, 500);
			page.forEach((event) -> read.add(event.position()));
			if (!page.isEmpty()) {
				rest = criteria.beyond(page.get(page.size() - 1).position());
			}
		}
		while (page.size() == 500);
		return read;
	}

	private static long rowsLookedAt() {
		client.sql("select pg_stat_force_next_flush()").query().listOfRows();
		return client.sql("select seq_tup_read + idx_tup_fetch from pg_stat_user_tables where relname = 'event_store'")
			.query(Long.class)
			.single();
	}

	@ParameterizedTest
	@CsvSource({ "often.thing,,,39600", "often.*,,,39600", "often.thing,,acme,39600", ",,acme,40000", ",k,,20000",
			"*.thing,,,40000", "rare.thing,,,400", ",,,40000" })
	void pagesAreNotSortedAgainAndAgain(@Nullable String type, @Nullable String key, @Nullable String organization,
			int expected) {
		List<EventPattern> types = (type != null) ? List.of(EventPattern.of(type)) : List.of();
		for (boolean newestFirst : List.of(false, true)) {
			long before = rowsLookedAt();
			List<Long> read = readInPages(criteria(types, key, organization, newestFirst));
			assertThat(read).hasSize(expected)
				.doesNotHaveDuplicates()
				.isSortedAccordingTo(newestFirst ? Comparator.reverseOrder() : Comparator.naturalOrder());
			assertThat(rowsLookedAt() - before).isBetween(1L, EVENTS + 5L * expected);
		}
	}

}
