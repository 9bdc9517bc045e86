package dev.events.bus;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

import dev.events.InvalidSubscriptionException;
import dev.events.SubscriptionDefinition;
import dev.events.SubscriptionInfo;
import dev.events.Subscriptions;
import dev.events.store.EventCriteria;
import dev.events.store.EventStore;
import dev.events.store.StoredEvent;
import org.jspecify.annotations.Nullable;

/**
 * The durable subscriptions of a store.
 */
final class StoredSubscriptions implements Subscriptions {

	private final EventStore store;

	private final DefinedSubscriptions defined;

	private final Supplier<List<SubscriptionInfo>> infos;

	private final Runnable onMove;

	/**
	 * Creates a view of them.
	 * @param onMove called when cursors were moved
	 */
	StoredSubscriptions(EventStore store, DefinedSubscriptions defined, Supplier<List<SubscriptionInfo>> infos,
			Runnable onMove) {
		this.store = store;
		this.defined = defined;
		this.infos = infos;
		this.onMove = onMove;
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
	public SubscriptionDefinition create(SubscriptionDefinition definition) {
		return this.defined.create(definition);
	}

	@Override
	public SubscriptionDefinition change(SubscriptionDefinition definition) {
		return this.defined.change(definition);
	}

	@Override
	public Optional<SubscriptionDefinition> definition(String id) {
		return this.defined.find(id);
	}

	@Override
	public Optional<SubscriptionDefinition> describe(String id) {
		return this.defined.describe(id);
	}

	@Override
	public Map<String, Object> details(String id) {
		return this.defined.details(id);
	}

	@Override
	public boolean pause(String id) {
		return pause(id, null);
	}

	@Override
	public boolean pause(String id, @Nullable String note) {
		return this.defined.activate(id, false, note);
	}

	@Override
	public boolean resume(String id) {
		return this.defined.activate(id, true, null);
	}

	@Override
	public void rewind(String id, long position) {
		long head = this.store.log().head();
		if (position < 0 || position > head) {
			throw new IllegalArgumentException(
					"position is " + position + "; it must be from 0 to " + head + ", which is the end of the log");
		}
		moved(id, "rewound", this.store.replays().rewind(id, position));
	}

	@Override
	public void rewind(String id, Instant since) {
		moved(id, "rewound", this.store.replays().rewind(id, before(since)));
	}

	@Override
	public void fastForward(String id) {
		moved(id, "moved forward", this.store.replays().fastForward(id, this.store.log().head()));
	}

	@Override
	public void fastForward(String id, Instant since) {
		moved(id, "moved forward", this.store.replays().fastForward(id, before(since)));
	}

	/** Position in front of the first event since a time, but never behind the end. */
	private long before(Instant since) {
		long head = this.store.log().head();
		EventCriteria criteria = new EventCriteria(List.of(), null, null, null, null, StoreQuery.storable(since), null,
				Map.of(), false, null);
		List<StoredEvent> first = this.store.log().query(criteria, 1);
		return first.isEmpty() ? head : Math.min(head, first.get(0).position() - 1);
	}

	private void moved(String id, String what, boolean done) {
		if (!done) {
			if (this.store.subscriptions().find(id).isEmpty()) {
				throw new InvalidSubscriptionException("There is no subscription '" + id + "'");
			}
			throw new InvalidSubscriptionException("Subscription '" + id + "' cannot be " + what
					+ " while a replay of it is active; wait for its end, or cancel it");
		}
		this.onMove.run();
	}

	@Override
	public boolean delete(String id) {
		if (this.store.subscriptions().find(id).filter((found) -> !found.isHandler()).isEmpty()) {
			requireUnserved(id);
		}
		boolean deleted = this.store.subscriptions().delete(id);
		if (deleted) {
			this.onMove.run();
		}
		return deleted;
	}

	private void requireUnserved(String id) {
		this.store.nodes()
			.list()
			.stream()
			.filter((node) -> node.subscriptions().contains(id))
			.findFirst()
			.ifPresent((node) -> {
				throw new InvalidSubscriptionException("Subscription '" + id + "' is served by node " + node.id()
						+ "; remove the subscriber there first");
			});
	}

}
