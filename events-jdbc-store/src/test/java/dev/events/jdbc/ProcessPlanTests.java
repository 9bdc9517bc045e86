package dev.events.jdbc;

import dev.events.test.postgres.PostgresDatabase;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.core.simple.JdbcClient;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What is due, and a page of a status, are found without walking the processes.
 */
class ProcessPlanTests {

	private static final PostgresDatabase DATABASE = JdbcStoreFixture.newPostgresDatabase();

	private static final JdbcClient client = JdbcClient.create(DATABASE.dataSource());

	@BeforeAll
	static void fill() {
		new EventsSchema(DATABASE.dataSource(), JdbcEventStoreSettings.DEFAULT).migrate();
		client.sql("""
				insert into event_processes (process, process_key, version, status, state, due_at)
				select 'p' || n % 3, 'k' || n, n, case when n % 100 = 0 then 'FAILED' else 'RUNNING' end, '{}',
					case when n % 2 = 0 then now() + n * interval '1 second' end
				from generate_series(1, 30000) as n""").update();
		client.sql("analyze event_processes").update();
	}

	private static String plan(String condition) {
		return String.join("\n",
				client.sql("explain select * from event_processes where process = 'p1' " + condition)
					.query(String.class)
					.list());
	}

	@Test
	void due() {
		assertThat(plan("and due_at <= clock_timestamp() order by due_at fetch first 100 rows only"))
			.contains("event_processes_due")
			.doesNotContain("Seq Scan");
	}

	@Test
	void pages() {
		assertThat(plan("and process_key > 'k2' order by process_key fetch first 21 rows only"))
			.contains("event_processes_pk")
			.doesNotContain("Sort");
		assertThat(plan("and status = 'FAILED' and process_key > 'k2' order by process_key fetch first 21 rows only"))
			.contains("event_processes_status")
			.doesNotContain("Sort");
	}

}
