package dev.events.spring.encryption;

import dev.events.test.postgres.PostgresDatabase;
import dev.events.test.postgres.PostgresServer;

class PostgresEncryptionTests extends JdbcEncryptionScenarios {

	@Override
	String[] database() {
		PostgresDatabase database = PostgresServer.shared().createDatabase();
		return new String[] { "spring.datasource.url=" + database.jdbcUrl(),
				"spring.datasource.username=" + database.user(), "spring.datasource.password=" + database.password(),
				"spring.datasource.hikari.maximum-pool-size=5" };
	}

}
