package dev.events.spring.jdbc;

import java.util.UUID;

class H2TransactionalSubscriberTests extends TransactionalSubscriberScenarios {

	@Override
	String[] properties() {
		return new String[] { "spring.datasource.url=jdbc:h2:mem:" + UUID.randomUUID() + ";DB_CLOSE_DELAY=-1",
				"spring.datasource.hikari.maximum-pool-size=5" };
	}

}
