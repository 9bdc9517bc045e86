package dev.events.redis;

import dev.events.store.EventStore;
import dev.events.test.aggregation.AggregationScenarios;
import org.junit.jupiter.api.AfterEach;

class AggregationOnRedisTests extends AggregationScenarios {

	private final RedisStoreFixture fixture = RedisStoreFixture.standalone();

	@Override
	protected EventStore store() {
		return this.fixture.store();
	}

	@AfterEach
	void close() {
		this.fixture.close();
	}

}
