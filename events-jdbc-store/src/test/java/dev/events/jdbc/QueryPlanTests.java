package dev.events.jdbc;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

import dev.events.EventPattern;
import dev.events.store.EventCriteria;
import dev.events.test.postgres.PostgresDatabase;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.jdbc.core.simple.JdbcClient;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * A query for what is rare does not walk the log. Measured with a million events by
 * benchmarks/src/main/sql/queries.sql.
 */
class QueryPlanTests {

	private static final PostgresDatabase DATABASE = JdbcStoreFixture.newPostgresDatabase();

	private static final JdbcClient client = JdbcClient.create(DATABASE.dataSource());

	@BeforeAll
	static void fill() {
		new EventsSchema(DATABASE.dataSource(), JdbcEventStoreSettings.DEFAULT).migrate();
		client.sql("""
				insert into event_store (id, event_type, event_key, organization, correlation_id, data)
				select id, case when n % 2000 = 0 then 'rare.thing' else 'often.t' || n % 350 end, 'k' || n / 10,
					'o' || n % 400, id::text, json_build_object('text', repeat('x', 300))
				from (select gen_random_uuid() as id, n from generate_series(1, 40000) as n offset 0) as rows""")
			.update();
		client.sql("analyze event_store").update();
	}

	private static EventCriteria criteria(List<String> types, @Nullable String key, @Nullable String organization,
			boolean newestFirst) {
		return new EventCriteria(types.stream().map(EventPattern::of).toList(), null, key, organization, null, null,
				(Instant) null, Map.of(), newestFirst, null);
	}

	private static String plan(EventCriteria criteria) {
		EventQuerySql queries = new EventQuerySql(Tables.of(JdbcEventStoreSettings.DEFAULT), new PostgresDialect());
		EventQuerySql.Select select = queries.page(criteria, PositionRange.ALL, 101);
		return String.join("\n",
				client.sql("explain " + select.sql()).params(select.parameters()).query(String.class).list());
	}

	private static void assertNoWalk(EventCriteria criteria) {
		assertThat(plan(criteria)).doesNotContain("event_store_pk").doesNotContain("Seq Scan");
	}

	@ParameterizedTest
	@ValueSource(strings = { "rare.thing", "none.at.all", "rare.*", "rare.thing,none.at.all", "rare.*,none.at.all",
			"rare.*,rare.**,rare.thing", "rare.thing,often.t1,often.t2,often.t3" })
	void byTypes(String types) {
		assertNoWalk(criteria(Stream.of(types.split(",")).toList(), null, null, false));
		assertNoWalk(criteria(Stream.of(types.split(",")).toList(), null, null, true));
	}

	@ParameterizedTest
	@ValueSource(booleans = { false, true })
	void byKeyAndOrganization(boolean newestFirst) {
		assertNoWalk(criteria(List.of(), "k7", null, newestFirst));
		assertNoWalk(criteria(List.of(), null, "o7", newestFirst));
		assertNoWalk(criteria(List.of("often.*", "rare.*"), "k7", null, newestFirst));
		assertNoWalk(criteria(List.of("rare.thing", "often.t3"), null, "o7", newestFirst));
	}

}
