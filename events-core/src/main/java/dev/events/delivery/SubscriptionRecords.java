package dev.events.delivery;

import java.util.List;
import java.util.StringJoiner;

import dev.events.InvalidSubscriptionException;
import dev.events.StartPosition;
import dev.events.Subscriber;
import dev.events.store.EventStore;
import dev.events.store.NodeRecord;
import dev.events.store.SubscriptionRecord;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes the subscriptions that this node serves known to a store. Thread-safe.
 */
final class SubscriptionRecords {

	private static final Logger logger = LoggerFactory.getLogger(SubscriptionRecords.class);

	private final EventStore store;

	private final DeliverySettings settings;

	SubscriptionRecords(EventStore store, DeliverySettings settings) {
		this.store = store;
		this.settings = settings;
	}

	/**
	 * Makes sure that a stored subscription has its cursors.
	 * @throws InvalidSubscriptionException when it was deleted
	 */
	void open(String id, StartPosition startAt) {
		if (!this.store.subscriptions().open(id, startAt)) {
			throw new InvalidSubscriptionException("There is no subscription '" + id + "' any more");
		}
	}

	/** Makes a subscription of the code known to the store. */
	SubscriptionRecord register(String id, Subscriber<?> subscriber) {
		this.store.subscriptions().find(id).filter((known) -> !known.isHandler()).ifPresent((known) -> {
			throw new InvalidSubscriptionException("There is a subscription '" + id + "' of type '"
					+ known.subscriberType() + "' in the store; give the subscriber another id");
		});
		SubscriptionRecord record = record(id, subscriber);
		this.store.subscriptions().register(record, subscriber.startAt());
		return record;
	}

	/** A subscription as it is stored. */
	private SubscriptionRecord record(String id, Subscriber<?> subscriber) {
		int partitions = (subscriber.partitions() > 0) ? subscriber.partitions() : this.settings.partitions();
		List<String> patterns = subscriber.patterns().stream().map(Object::toString).toList();
		return new SubscriptionRecord(id, patterns, SubscriptionRecord.HANDLER, config(subscriber), true,
				subscriber.organization(), "code", partitions);
	}

	/** What nodes that do not have the subscriber have to know about it. */
	private static String config(Subscriber<?> subscriber) {
		StringJoiner config = new StringJoiner(",", "{", "}");
		if (!subscriber.replay()) {
			config.add("\"replay\":false");
		}
		if (!subscriber.function().answers()) {
			config.add("\"answers\":false");
		}
		return config.toString();
	}

	/** Warns of subscriptions of the code that no node serves any more. */
	void reportAbandoned(ServedSubscriptions served) {
		List<NodeRecord> nodes = this.store.nodes().list();
		for (SubscriptionRecord subscription : this.store.subscriptions().list()) {
			boolean elsewhere = nodes.stream().anyMatch((other) -> other.subscriptions().contains(subscription.id()));
			SubscriptionRuntime here = served.find(subscription.id());
			if (subscription.isHandler() && (here == null || !here.isDurable()) && !elsewhere) {
				logger
					.warn("Subscription '{}' has a cursor in the store, but no running node serves it: its events pile "
							+ "up. Bring the subscriber back, or delete the subscription", subscription.id());
			}
		}
	}

}
