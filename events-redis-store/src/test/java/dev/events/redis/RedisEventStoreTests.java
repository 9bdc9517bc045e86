package dev.events.redis;

import dev.events.test.store.EventStoreContract;
import dev.events.test.store.StoreFixture;
import org.junit.jupiter.api.Nested;

/**
 * The contract of stores, on one server and on a cluster.
 */
class RedisEventStoreTests {

	@Nested
	class Standalone extends EventStoreContract {

		@Override
		protected StoreFixture fixture() {
			return RedisStoreFixture.standalone();
		}

	}

	@Nested
	class OnCluster extends EventStoreContract {

		@Override
		protected StoreFixture fixture() {
			return RedisStoreFixture.cluster();
		}

	}

}
