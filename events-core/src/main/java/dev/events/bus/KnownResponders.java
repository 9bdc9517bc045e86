package dev.events.bus;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

import dev.events.Event;
import dev.events.EventPattern;
import dev.events.InvalidEventException;
import dev.events.Subscriber;
import dev.events.delivery.DeliveryEngine;
import dev.events.request.Responders;
import dev.events.store.SubscriptionRecord;
import dev.events.store.SubscriptionRegistry;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

/**
 * Those who could answer a request, of the subscriptions of this node and those in the
 * store. What is in the store may be known as it was a second ago: this is for messages,
 * and to give up waiting before the time is over. Thread-safe.
 */
final class KnownResponders implements Responders {

	private static final long MAX_AGE = TimeUnit.SECONDS.toNanos(1);

	private final Registrations registrations;

	private final SubscriptionRegistry registry;

	private final String node;

	private final LongSupplier nanoTime;

	private volatile @Nullable Snapshot last;

	KnownResponders(Registrations registrations, SubscriptionRegistry registry, String node, LongSupplier nanoTime) {
		this.registrations = registrations;
		this.registry = registry;
		this.node = node;
		this.nanoTime = nanoTime;
	}

	@Override
	public Known of(Event<?> request) {
		Set<String> ids = new HashSet<>();
		Set<String> silent = new HashSet<>();
		boolean anybody = false;
		for (Registrations.Registered registered : this.registrations.list()) {
			Subscriber<?> subscriber = registered.subscriber();
			if (!subscriber.matches(request.type())
					|| !subscriber.accepts(request.source(), request.organization(), request.metadata())) {
				continue;
			}
			anybody = true;
			if (!subscriber.function().answers()) {
				silent.add(registered.id());
			}
			else {
				ids.add(subscriber.isDurable() || subscriber.synchronous() ? registered.id()
						: DeliveryEngine.responder(registered.id(), this.node));
			}
		}
		for (Stored stored : stored()) {
			if (stored.takes(request)) {
				anybody = true;
				if (stored.answers && !silent.contains(stored.subscription.id())) {
					ids.add(stored.subscription.id());
				}
			}
		}
		return new Known(anybody, Set.copyOf(ids));
	}

	private List<Stored> stored() {
		Snapshot snapshot = this.last;
		if (snapshot == null || this.nanoTime.getAsLong() - snapshot.at >= MAX_AGE) {
			List<Stored> active = this.registry.list()
				.stream()
				.filter(SubscriptionRecord::active)
				.map((subscription) -> new Stored(subscription, patterns(subscription), answers(subscription)))
				.toList();
			snapshot = new Snapshot(active, this.nanoTime.getAsLong());
			this.last = snapshot;
		}
		return snapshot.subscriptions;
	}

	/** None for a row that somebody has broken by hand: nobody serves it. */
	private static List<EventPattern> patterns(SubscriptionRecord subscription) {
		try {
			return subscription.patterns().stream().map(EventPattern::of).toList();
		}
		catch (InvalidEventException ex) {
			return List.of();
		}
	}

	/**
	 * Whether its subscriber may answer: not when it was registered as one that does not,
	 * as sagas and aggregations are; and connectors never do.
	 */
	private static boolean answers(SubscriptionRecord subscription) {
		try {
			return subscription.isHandler()
					&& JsonMapper.shared().readTree(subscription.config()).path("answers").asBoolean(true);
		}
		catch (JacksonException ex) {
			return true;
		}
	}

	private record Snapshot(List<Stored> subscriptions, long at) {

	}

	private record Stored(SubscriptionRecord subscription, List<EventPattern> patterns, boolean answers) {

		boolean takes(Event<?> request) {
			return (this.subscription.organization() == null
					|| this.subscription.organization().equals(request.organization()))
					&& this.patterns.stream().anyMatch((pattern) -> pattern.matches(request.type()));
		}

	}

}
