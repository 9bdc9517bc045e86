package dev.events.jdbc;

import dev.events.store.EventStore;
import dev.events.test.aggregation.AggregationScenarios;
import org.junit.jupiter.api.AfterEach;

class AggregationOnH2Tests extends AggregationScenarios {

	private final JdbcStoreFixture fixture = JdbcStoreFixture.h2();

	@Override
	protected EventStore store() {
		return this.fixture.store();
	}

	@AfterEach
	void close() {
		this.fixture.close();
	}

}
