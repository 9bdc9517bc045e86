package dev.events.spring.actuate;

import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.ToDoubleFunction;

import dev.events.EventBus;
import dev.events.EventStats;
import dev.events.SubscriptionInfo;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.FunctionTimer;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.MeterBinder;
import org.jspecify.annotations.Nullable;

import org.springframework.context.ApplicationListener;
import org.springframework.context.event.ContextRefreshedEvent;

/**
 * Publishes the statistics of the bus as meters:
 * <ul>
 * <li>counters {@code events.published} by type; {@code events.cancelled},
 * {@code events.dropped}, {@code events.rejected}, {@code events.refused},
 * {@code events.duplicates}, {@code events.deferred}, {@code events.lost},
 * {@code events.unknown}, {@code events.erased} and
 * {@code events.schema.violations};</li>
 * <li>gauge {@code events.scheduled};</li>
 * <li>counter {@code events.retention.deleted}, gauge
 * {@code events.retention.held-back};</li>
 * <li>counters {@code events.requests} and {@code events.requests.stray} by outcome,
 * gauge {@code events.requests.pending};</li>
 * <li>counters {@code events.batch.items} and {@code events.batch.lost}, gauge
 * {@code events.batch.waiting};</li>
 * <li>for each durable or synchronous subscription, counters {@code events.delivered} and
 * {@code events.failed}, gauges {@code events.lag}, {@code events.parked} and
 * {@code events.deadletters}.</li>
 * </ul>
 * Only so many types and subscriptions get meters of their own. Thread-safe.
 */
public final class EventMeters implements MeterBinder, ApplicationListener<ContextRefreshedEvent> {

	private static final Duration MAX_AGE = Duration.ofSeconds(5);

	private static final int MAX_TAGS = 500;

	private final EventBus bus;

	private final StatsSnapshot snapshot;

	private final Map<String, List<Meter>> byType = new ConcurrentHashMap<>();

	private final Map<String, List<Meter>> bySubscription = new ConcurrentHashMap<>();

	private @Nullable volatile MeterRegistry registry;

	/** Creates meters for a bus. */
	public EventMeters(EventBus bus) {
		this.bus = bus;
		this.snapshot = new StatsSnapshot(bus::stats, MAX_AGE, this::register, System::nanoTime);
	}

	@Override
	public void bindTo(MeterRegistry registry) {
		this.registry = registry;
		counter(registry, "events.cancelled", "Events that a synchronous subscriber cancelled", EventStats::cancelled);
		counter(registry, "events.dropped", "Events that an interceptor dropped", EventStats::dropped);
		counter(registry, "events.rejected", "Events that could not be published", EventStats::rejected);
		counter(registry, "events.refused", "Events that must not be published, or must not come to a subscriber",
				EventStats::refused);
		counter(registry, "events.duplicates", "Events whose id was stored already", EventStats::duplicates);
		counter(registry, "events.deferred", "Events stored after a transaction that the store did not take part in",
				EventStats::deferred);
		counter(registry, "events.lost", "Events of committed transactions that the store did not take afterwards",
				EventStats::lost);
		counter(registry, "events.unknown",
				"Events of committed transactions of which nobody knows whether the store took them afterwards",
				EventStats::unknown);
		counter(registry, "events.erased", "Deliveries passed over because the data subject was forgotten",
				EventStats::erased);
		FunctionCounter.builder("events.schema.violations", this.bus, (bus) -> bus.schemas().violations())
			.description("Events that did not fit their schema, refused or not")
			.register(registry);
		Gauge.builder("events.scheduled", this, (meters) -> meters.read(EventStats::scheduled, Double.NaN))
			.description("Events that wait for their time")
			.register(registry);
		bindRequests(registry);
		counter(registry, "events.batch.items", "Items that were emitted in batches",
				(stats) -> stats.batches().items());
		counter(registry, "events.batch.lost", "Items that could not be emitted in batches",
				(stats) -> stats.batches().lost());
		Gauge
			.builder("events.batch.waiting", this,
					(meters) -> meters.read((stats) -> stats.batches().waiting(), Double.NaN))
			.description("Items that wait to be emitted in batches")
			.register(registry);
		counter(registry, "events.retention.deleted", "Events deleted by this node",
				(stats) -> (stats.retention() != null) ? stats.retention().deleted() : 0);
		Gauge
			.builder("events.retention.held-back", this,
					(meters) -> meters.read((stats) -> (stats.retention() != null) ? stats.retention().heldBack() : 0,
							Double.NaN))
			.description("Events no longer kept by the rules that a subscription has not had, at least")
			.register(registry);
	}

	private void bindRequests(MeterRegistry registry) {
		requests(registry, "events.requests", "answered", "Requests", EventStats.Requests::answered);
		requests(registry, "events.requests", "timeout", "Requests", EventStats.Requests::timedOut);
		requests(registry, "events.requests", "failed", "Requests", EventStats.Requests::failed);
		String stray = "Answers that nobody waited for";
		requests(registry, "events.requests.stray", "late", stray, EventStats.Requests::late);
		requests(registry, "events.requests.stray", "surplus", stray, EventStats.Requests::surplus);
		requests(registry, "events.requests.stray", "unknown", stray, EventStats.Requests::unknown);
		Gauge
			.builder("events.requests.pending", this,
					(meters) -> meters.read((stats) -> stats.requests().pending(), Double.NaN))
			.description("Requests that wait for answers")
			.register(registry);
	}

	private void requests(MeterRegistry registry, String name, String outcome, String description,
			ToDoubleFunction<EventStats.Requests> value) {
		FunctionCounter
			.builder(name, this, (meters) -> meters.read((stats) -> value.applyAsDouble(stats.requests()), 0))
			.tag("outcome", outcome)
			.description(description)
			.register(registry);
	}

	private void counter(MeterRegistry registry, String name, String description, ToDoubleFunction<EventStats> value) {
		FunctionCounter.builder(name, this, (meters) -> meters.read(value, 0))
			.description(description)
			.register(registry);
	}

	/** Registers meters for what is new, and removes those of what is gone. */
	private void register(EventStats stats) {
		MeterRegistry registry = this.registry;
		if (registry == null) {
			return;
		}
		for (String type : stats.byType().keySet()) {
			if (this.byType.size() < MAX_TAGS) {
				this.byType.computeIfAbsent(type, (key) -> typeMeters(registry, key));
			}
		}
		Set<String> gone = new HashSet<>(this.bySubscription.keySet());
		for (SubscriptionInfo subscription : stats.subscriptions()) {
			gone.remove(subscription.id());
			// others have a generated id, a new one every time
			if ((subscription.durable() || subscription.synchronous()) && this.bySubscription.size() < MAX_TAGS) {
				this.bySubscription.computeIfAbsent(subscription.id(), (id) -> subscriptionMeters(registry, id));
			}
		}
		gone.forEach((id) -> this.bySubscription.getOrDefault(id, List.of()).forEach(registry::remove));
		this.bySubscription.keySet().removeAll(gone);
	}

	private List<Meter> typeMeters(MeterRegistry registry, String type) {
		return List.of(FunctionCounter.builder("events.published", this, (meters) -> meters.read((stats) -> {
			EventStats.TypeStats counts = stats.byType().get(type);
			return (counts != null) ? counts.published() : 0;
		}, 0)).tag("type", type).description("Events stored").register(registry));
	}

	private List<Meter> subscriptionMeters(MeterRegistry registry, String id) {
		return List.of(
				counter(registry, "events.delivered", "Deliveries that succeeded", id, SubscriptionInfo::delivered),
				counter(registry, "events.failed", "Delivery attempts that failed", id, SubscriptionInfo::failed),
				gauge(registry, "events.lag", "Log positions the slowest partition is behind", id,
						SubscriptionInfo::lag),
				gauge(registry, "events.parked", "Deliveries that wait for their next attempt", id,
						SubscriptionInfo::parked),
				gauge(registry, "events.deadletters", "Deliveries that were given up", id,
						SubscriptionInfo::deadLetters),
				FunctionTimer
					.builder("events.handler", this,
							(meters) -> (long) meters.readSubscription(id, (info) -> info.delivered() + info.failed(),
									0),
							(meters) -> meters.readSubscription(id, (info) -> info.handlerTime().toNanos(), 0),
							TimeUnit.NANOSECONDS)
					.tag("subscription", id)
					.description("Attempts of the handler, and the time they took")
					.register(registry));
	}

	private Meter counter(MeterRegistry registry, String name, String description, String id,
			ToDoubleFunction<SubscriptionInfo> value) {
		return FunctionCounter.builder(name, this, (meters) -> meters.readSubscription(id, value, 0))
			.tag("subscription", id)
			.description(description)
			.register(registry);
	}

	private Meter gauge(MeterRegistry registry, String name, String description, String id,
			ToDoubleFunction<SubscriptionInfo> value) {
		return Gauge.builder(name, this, (meters) -> meters.readSubscription(id, value, Double.NaN))
			.tag("subscription", id)
			.description(description)
			.register(registry);
	}

	private double readSubscription(String id, ToDoubleFunction<SubscriptionInfo> value, double unknown) {
		return read((stats) -> stats.subscriptions()
			.stream()
			.filter((subscription) -> subscription.id().equals(id))
			.mapToDouble(value)
			.findFirst()
			.orElse(unknown), unknown);
	}

	private double read(ToDoubleFunction<EventStats> value, double unknown) {
		EventStats stats = this.snapshot.get();
		return (stats != null) ? value.applyAsDouble(stats) : unknown;
	}

	@Override
	public void onApplicationEvent(ContextRefreshedEvent event) {
		refresh();
	}

	/** Takes statistics, so that meters are there before somebody reads one. */
	void refresh() {
		this.snapshot.get();
	}

}
