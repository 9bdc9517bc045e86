package dev.events.bus;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

import dev.events.Event;
import dev.events.EventPattern;
import dev.events.Subscriber;
import dev.events.delivery.DeliveryEngine;
import dev.events.request.Responders;
import dev.events.store.SubscriptionRecord;
import dev.events.store.SubscriptionRegistry;
import org.jspecify.annotations.Nullable;

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
		for (SubscriptionRecord stored : stored()) {
			if (stored.active() && takes(stored, request)) {
				anybody = true;
				if (stored.isHandler() && !silent.contains(stored.id())) {
					ids.add(stored.id());
				}
			}
		}
		return new Known(anybody, Set.copyOf(ids));
	}

	private static boolean takes(SubscriptionRecord stored, Event<?> request) {
		return (stored.organization() == null || stored.organization().equals(request.organization()))
				&& stored.patterns().stream().anyMatch((pattern) -> EventPattern.of(pattern).matches(request.type()));
	}

	private List<SubscriptionRecord> stored() {
		Snapshot snapshot = this.last;
		if (snapshot == null || this.nanoTime.getAsLong() - snapshot.at >= MAX_AGE) {
			snapshot = new Snapshot(this.registry.list(), this.nanoTime.getAsLong());
			this.last = snapshot;
		}
		return snapshot.subscriptions;
	}

	private record Snapshot(List<SubscriptionRecord> subscriptions, long at) {

	}

}
