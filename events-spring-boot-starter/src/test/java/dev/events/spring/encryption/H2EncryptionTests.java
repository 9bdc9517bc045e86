package dev.events.spring.encryption;

import java.util.UUID;

import org.springframework.jdbc.core.JdbcTemplate;

class H2EncryptionTests extends JdbcEncryptionScenarios {

	@Override
	String[] database() {
		return new String[] { "spring.datasource.url=jdbc:h2:mem:" + UUID.randomUUID() + ";DB_CLOSE_DELAY=-1" };
	}

	@Override
	void takeAwayTheMark(JdbcTemplate jdbc) {
		jdbc.update("update event_store set metadata = '{}' format json");
	}

}
