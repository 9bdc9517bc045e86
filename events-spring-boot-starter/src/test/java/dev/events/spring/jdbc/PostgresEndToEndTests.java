package dev.events.spring.jdbc;

import dev.events.Event;
import dev.events.EventBus;
import dev.events.test.postgres.PostgresDatabase;
import dev.events.test.postgres.PostgresServer;
import org.junit.jupiter.api.Test;

import org.springframework.jdbc.core.JdbcTemplate;

import static org.assertj.core.api.Assertions.assertThat;

class PostgresEndToEndTests extends EndToEndScenarios {

	@Override
	String[] properties() {
		PostgresDatabase database = PostgresServer.shared().createDatabase();
		return new String[] { "spring.datasource.url=" + database.jdbcUrl(),
				"spring.datasource.username=" + database.user(), "spring.datasource.password=" + database.password(),
				"spring.datasource.hikari.maximum-pool-size=5" };
	}

	@Test
	void theSchemaAndThePrefixCanBeChosen() {
		this.runner.withPropertyValues("events.jdbc.schema=audit", "events.jdbc.table-prefix=shop_").run((context) -> {
			context.getBean(EventBus.class).publish(Event.of("a", 1));
			assertThat(context.getBean(JdbcTemplate.class)
				.queryForObject("select count(*) from audit.shop_event_store", Integer.class)).isEqualTo(1);
		});
	}

}
