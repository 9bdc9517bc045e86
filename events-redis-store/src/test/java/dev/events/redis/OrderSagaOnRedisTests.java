package dev.events.redis;

import dev.events.store.EventStore;
import dev.events.test.saga.OrderSagaScenarios;
import org.junit.jupiter.api.AfterEach;

class OrderSagaOnRedisTests extends OrderSagaScenarios {

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
