package dev.events.sample;

import dev.events.test.postgres.PostgresDatabase;
import dev.events.test.postgres.PostgresServer;

import org.springframework.test.context.ActiveProfiles;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;

/**
 * Once through the application on PostgreSQL: its own SQL works there too.
 */
@SampleTest
@ActiveProfiles("postgres")
class PostgresTests extends EveryPluginContract {

	@DynamicPropertySource
	static void database(DynamicPropertyRegistry registry) {
		PostgresDatabase database = PostgresServer.shared().createDatabase();
		registry.add("spring.datasource.url", database::jdbcUrl);
		registry.add("spring.datasource.username", database::user);
		registry.add("spring.datasource.password", database::password);
	}

}
