package dev.events.memory;

import java.util.List;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;

import dev.events.StartPosition;
import dev.events.store.SubscriptionRecord;
import dev.events.store.SubscriptionRegistry;

/**
 * The subscriptions, and what their coming and going means for cursors and deliveries.
 */
final class MemorySubscriptions implements SubscriptionRegistry {

	private final StateLock lock;

	private final MemoryEventLog log;

	private final MemoryCursors cursors;

	private final DeliveryTable deliveries;

	private final ReplayTable replays;

	private final NavigableMap<String, SubscriptionRecord> subscriptions = new TreeMap<>();

	MemorySubscriptions(StateLock lock, MemoryEventLog log, MemoryCursors cursors, DeliveryTable deliveries,
			ReplayTable replays) {
		this.lock = lock;
		this.log = log;
		this.cursors = cursors;
		this.deliveries = deliveries;
		this.replays = replays;
	}

	@Override
	public SubscriptionRecord register(SubscriptionRecord subscription, StartPosition startAt) {
		return this.lock.get(() -> {
			String id = subscription.id();
			SubscriptionRecord known = this.subscriptions.get(id);
			SubscriptionRecord stored = (known != null) ? updated(known, subscription) : subscription;
			if (known == null) {
				long position = (startAt == StartPosition.HEAD) ? this.log.head() : 0;
				this.cursors.create(id, stored.partitions(), position);
			}
			else if (known.partitions() != stored.partitions()) {
				this.cursors.repartition(id, stored.partitions());
				this.deliveries.repartition(id, stored.partitions());
				this.replays.repartition(id, stored.partitions());
			}
			this.subscriptions.put(id, stored);
			return stored;
		});
	}

	private static SubscriptionRecord updated(SubscriptionRecord known, SubscriptionRecord now) {
		return new SubscriptionRecord(known.id(), now.patterns(), now.subscriberType(), now.config(), known.active(),
				now.organization(), known.createdFrom(), now.partitions());
	}

	@Override
	public List<SubscriptionRecord> list() {
		return this.lock.get(() -> List.copyOf(this.subscriptions.values()));
	}

	@Override
	public Optional<SubscriptionRecord> find(String id) {
		return this.lock.get(() -> Optional.ofNullable(this.subscriptions.get(id)));
	}

	@Override
	public boolean delete(String id) {
		return this.lock.get(() -> {
			this.cursors.remove(id);
			this.deliveries.removeAll(id);
			this.replays.removeAll(id);
			return this.subscriptions.remove(id) != null;
		});
	}

}
