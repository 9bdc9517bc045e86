package dev.events.memory;

import java.util.List;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;

import dev.events.StartPosition;
import dev.events.store.SubscriptionRecord;
import dev.events.store.SubscriptionRegistry;
import org.jspecify.annotations.Nullable;

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
			SubscriptionRecord known = this.subscriptions.get(subscription.id());
			return (known != null) ? change(known, subscription) : add(subscription, startAt);
		});
	}

	private SubscriptionRecord add(SubscriptionRecord subscription, StartPosition startAt) {
		long position = (startAt == StartPosition.HEAD) ? this.log.head() : 0;
		this.cursors.create(subscription.id(), subscription.partitions(), position);
		this.subscriptions.put(subscription.id(), subscription);
		return subscription;
	}

	private SubscriptionRecord change(SubscriptionRecord known, SubscriptionRecord wanted) {
		SubscriptionRecord changed = known.changedTo(wanted);
		if (known.partitions() != changed.partitions()) {
			this.cursors.repartition(known.id(), changed.partitions());
			this.deliveries.repartition(known.id(), changed.partitions());
			this.replays.repartition(known.id(), changed.partitions());
		}
		this.subscriptions.put(known.id(), changed);
		return changed;
	}

	@Override
	public boolean create(SubscriptionRecord subscription, StartPosition startAt) {
		return this.lock.get(() -> {
			boolean isNew = !this.subscriptions.containsKey(subscription.id());
			if (isNew) {
				add(subscription, startAt);
			}
			return isNew;
		});
	}

	@Override
	public boolean update(SubscriptionRecord subscription) {
		return this.lock.get(() -> {
			SubscriptionRecord known = this.subscriptions.get(subscription.id());
			if (known != null) {
				change(known, subscription);
			}
			return known != null;
		});
	}

	@Override
	public boolean activate(String id, boolean active, @Nullable String note) {
		return this.lock
			.get(() -> this.subscriptions.computeIfPresent(id, (key, known) -> known.withActive(active, note)) != null);
	}

	@Override
	public boolean suspend(SubscriptionRecord seen, String note) {
		return this.lock.get(() -> {
			SubscriptionRecord known = this.subscriptions.get(seen.id());
			if (known == null || !known.active() || !known.isServedLike(seen)) {
				return false;
			}
			this.subscriptions.put(seen.id(), known.withActive(false, note));
			return true;
		});
	}

	@Override
	public boolean open(String id, StartPosition startAt) {
		// nobody can write into this store by other means
		return this.lock.get(() -> this.subscriptions.containsKey(id));
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
