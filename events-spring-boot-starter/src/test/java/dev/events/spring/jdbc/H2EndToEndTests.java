package dev.events.spring.jdbc;

import java.util.UUID;

class H2EndToEndTests extends EndToEndScenarios {

	@Override
	String[] properties() {
		return new String[] { "spring.datasource.url=jdbc:h2:mem:" + UUID.randomUUID() + ";DB_CLOSE_DELAY=-1" };
	}

}
