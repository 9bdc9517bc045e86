package dev.events.sample;

import java.util.List;

import dev.events.test.postgres.PostgresDatabase;
import dev.events.test.postgres.PostgresServer;

/**
 * Crash tests on PostgreSQL.
 */
class PostgresCrashTests extends CrashContract {

	private final PostgresDatabase database = PostgresServer.shared().createDatabase();

	@Override
	List<String> database() {
		return List.of("--spring.profiles.active=postgres", "--spring.datasource.url=" + this.database.jdbcUrl(),
				"--spring.datasource.username=" + this.database.user(),
				"--spring.datasource.password=" + this.database.password());
	}

}
