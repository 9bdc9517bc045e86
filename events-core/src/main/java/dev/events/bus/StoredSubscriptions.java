package dev.events.bus;

import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

import dev.events.InvalidSubscriptionException;
import dev.events.SubscriptionInfo;
import dev.events.Subscriptions;
import dev.events.store.EventStore;

/**
 * The durable subscriptions of a store.
 */
final class StoredSubscriptions implements Subscriptions {

	private final EventStore store;

	private final Supplier<List<SubscriptionInfo>> infos;

	StoredSubscriptions(EventStore store, Supplier<List<SubscriptionInfo>> infos) {
		this.store = store;
		this.infos = infos;
	}

	@Override
	public List<SubscriptionInfo> list() {
		return this.infos.get().stream().filter(SubscriptionInfo::durable).toList();
	}

	@Override
	public Optional<SubscriptionInfo> find(String id) {
		return list().stream().filter((info) -> info.id().equals(id)).findFirst();
	}

	@Override
	public boolean delete(String id) {
		this.store.nodes()
			.list()
			.stream()
			.filter((node) -> node.subscriptions().contains(id))
			.findFirst()
			.ifPresent((node) -> {
				throw new InvalidSubscriptionException("Subscription '" + id + "' is served by node " + node.id()
						+ "; remove the subscriber there first");
			});
		return this.store.subscriptions().delete(id);
	}

}
