package dev.events.redis;

import java.util.ArrayList;
import java.util.List;

import dev.events.store.EventStore;
import dev.events.test.redis.RedisServer;
import dev.events.test.request.RequestScenarios;

/**
 * Requests between two nodes, each with connections of its own.
 */
class RequestTests extends RequestScenarios {

	private final RedisEventStoreSettings settings = RedisStoreFixture.settings();

	private final List<RedisStoreFixture> fixtures = new ArrayList<>();

	@Override
	protected EventStore openStore() {
		this.fixtures.add(new RedisStoreFixture(RedisStoreFixture.configuration(RedisServer.shared()), this.settings));
		return this.fixtures.get(this.fixtures.size() - 1).store();
	}

	@Override
	protected void closeStores() {
		this.fixtures.forEach(RedisStoreFixture::close);
	}

}
