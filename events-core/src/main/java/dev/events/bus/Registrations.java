package dev.events.bus;

import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Function;

import dev.events.EventPattern;
import dev.events.InvalidSubscriptionException;
import dev.events.Subscriber;
import dev.events.Subscription;
import dev.events.SubscriptionInfo;
import dev.events.delivery.DeliveryEngine;
import dev.events.publish.SynchronousSubscribers;
import dev.events.stats.EventCounters;
import dev.events.store.SubscriptionRecord;

/**
 * The subscribers of this node. Thread-safe.
 */
final class Registrations {

	private final DeliveryEngine engine;

	private final SynchronousSubscribers synchronous;

	private final Function<Subscriber<?>, Optional<Subscriber<?>>> overrides;

	private final int maxPerType;

	// guarded by this
	private final Map<String, Subscriber<?>> byId = new TreeMap<>();

	// guarded by this
	private final Map<EventPattern, Integer> byPattern = new HashMap<>();

	private long generated;

	Registrations(DeliveryEngine engine, SynchronousSubscribers synchronous,
			Function<Subscriber<?>, Optional<Subscriber<?>>> overrides, int maxPerType) {
		this.engine = engine;
		this.synchronous = synchronous;
		this.overrides = overrides;
		this.maxPerType = maxPerType;
	}

	Subscription add(Subscriber<?> subscriber) {
		if (subscriber.id() == null) {
			return register(subscriber);
		}
		Optional<Subscriber<?>> overridden = this.overrides.apply(subscriber);
		return overridden.isPresent() ? register(overridden.get()) : new SwitchedOff(subscriber.id());
	}

	private Subscription register(Subscriber<?> subscriber) {
		String id = reserve(subscriber);
		try {
			if (subscriber.synchronous()) {
				this.synchronous.add(id, subscriber);
			}
			else {
				this.engine.add(id, subscriber);
			}
		}
		catch (RuntimeException | Error ex) {
			free(id, subscriber);
			throw ex;
		}
		return new Registration(id, subscriber);
	}

	private synchronized String reserve(Subscriber<?> subscriber) {
		String id = (subscriber.id() != null) ? subscriber.id() : "runtime#" + ++this.generated;
		if (this.byId.containsKey(id)) {
			throw new InvalidSubscriptionException("There is a subscription '" + id + "' on this node already; "
					+ "give each subscriber an id of its own: @EventSubscriber(id = \"…\")");
		}
		for (EventPattern pattern : subscriber.patterns()) {
			int count = this.byPattern.getOrDefault(pattern, 0);
			if (count >= this.maxPerType) {
				throw new InvalidSubscriptionException("Event type '" + pattern + "' has " + count
						+ " subscribers on this node, which is the limit. Are subscriptions made again and again "
						+ "without being closed? If not, raise events.max-subscribers-per-type");
			}
		}
		subscriber.patterns().forEach((pattern) -> this.byPattern.merge(pattern, 1, Integer::sum));
		this.byId.put(id, subscriber);
		return id;
	}

	private synchronized void free(String id, Subscriber<?> subscriber) {
		this.byId.remove(id);
		subscriber.patterns()
			.forEach((pattern) -> this.byPattern.computeIfPresent(pattern,
					(key, count) -> (count > 1) ? count - 1 : null));
	}

	/** All subscribers. */
	synchronized List<Registered> list() {
		return this.byId.entrySet().stream().map((entry) -> new Registered(entry.getKey(), entry.getValue())).toList();
	}

	/** State of the synchronous subscribers, in the order of their calls. */
	synchronized List<SubscriptionInfo> synchronousOnes(EventCounters counters) {
		return this.byId.entrySet()
			.stream()
			.filter((entry) -> entry.getValue().synchronous())
			.sorted(Comparator.comparing((Map.Entry<String, Subscriber<?>> entry) -> -entry.getValue().priority()))
			.map((entry) -> new SubscriptionInfo(entry.getKey(),
					entry.getValue().patterns().stream().map(Object::toString).toList(), SubscriptionInfo.State.ACTIVE,
					false, true, entry.getValue().organization(), 0, 0, 0, 0, counters.delivered(entry.getKey()),
					counters.failed(entry.getKey()), counters.handlerTime(entry.getKey()), Map.of(),
					SubscriptionRecord.HANDLER, "code", null))
			.toList();
	}

	/**
	 * A subscriber.
	 *
	 * @param id id of its subscription
	 * @param subscriber the subscriber
	 */
	record Registered(String id, Subscriber<?> subscriber) {

	}

	/** Nothing was registered. */
	private record SwitchedOff(String id) implements Subscription {

		@Override
		public boolean isDurable() {
			return false;
		}

		@Override
		public void close() {
			// there is nothing to end
		}

	}

	private final class Registration implements Subscription {

		private final String id;

		private final Subscriber<?> subscriber;

		private final AtomicBoolean closed = new AtomicBoolean();

		Registration(String id, Subscriber<?> subscriber) {
			this.id = id;
			this.subscriber = subscriber;
		}

		@Override
		public String id() {
			return this.id;
		}

		@Override
		public boolean isDurable() {
			return this.subscriber.isDurable();
		}

		@Override
		public void close() {
			if (this.closed.compareAndSet(false, true)) {
				if (this.subscriber.synchronous()) {
					Registrations.this.synchronous.remove(this.id);
				}
				else {
					Registrations.this.engine.remove(this.id);
				}
				free(this.id, this.subscriber);
			}
		}

	}

}
