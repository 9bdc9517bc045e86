package dev.events.observation;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

import dev.events.Event;
import dev.events.encryption.EventEncryption;
import dev.events.store.EventRecord;
import io.micrometer.observation.Observation;
import io.micrometer.observation.ObservationRegistry;
import org.jspecify.annotations.Nullable;

/**
 * Observes the bus with a registry. Costs nothing but a branch while nobody watches the
 * registry. Thread-safe.
 *
 * <pre>{@code
 * DurableEventBus.builder(store).observations(EventObservations.of(registry)).build();
 * }</pre>
 */
public final class EventObservations {

	/** Observes nothing. */
	public static final EventObservations NONE = of(ObservationRegistry.NOOP);

	// whoever brings one of these has decided where the event belongs
	private static final List<String> TRACE = List.of("traceparent", "b3", "X-B3-TraceId");

	private final ObservationRegistry registry;

	// they know the names that there are, so each bus has its own

	private final DefaultEventPublishConvention defaultPublish = new DefaultEventPublishConvention();

	private final DefaultEventAppendConvention defaultAppend = new DefaultEventAppendConvention();

	private final DefaultEventDeliveryConvention defaultDelivery = new DefaultEventDeliveryConvention();

	private final DefaultEventHandleConvention defaultHandle = new DefaultEventHandleConvention();

	private final @Nullable EventPublishConvention publishConvention;

	private final @Nullable EventDeliveryConvention deliveryConvention;

	private EventObservations(ObservationRegistry registry, @Nullable EventPublishConvention publishConvention,
			@Nullable EventDeliveryConvention deliveryConvention) {
		this.registry = registry;
		this.publishConvention = publishConvention;
		this.deliveryConvention = deliveryConvention;
	}

	/** With the conventions of the registry, else the default ones. */
	public static EventObservations of(ObservationRegistry registry) {
		return new EventObservations(registry, null, null);
	}

	/**
	 * The same with other conventions.
	 * @param publish of publishing, or {@code null} for that of the registry
	 * @param delivery of deliveries, or {@code null} for that of the registry
	 */
	public EventObservations withConventions(@Nullable EventPublishConvention publish,
			@Nullable EventDeliveryConvention delivery) {
		return new EventObservations(this.registry, publish, delivery);
	}

	/** Whether nobody watches, at the moment. */
	public boolean isNoop() {
		return this.registry.isNoop();
	}

	/**
	 * Starts to observe a call that publishes.
	 * @param quotable whether errors may be shown with their messages
	 */
	public Observed publish(EventPublishContext context, boolean quotable) {
		return Observed.start(this.registry, () -> EventObservation.PUBLISH.observation(this.publishConvention,
				this.defaultPublish, () -> context, this.registry), quotable);
	}

	/**
	 * Starts to observe that events go into the log.
	 * @param store name of the store
	 */
	public Observed append(String store, List<EventRecord> events) {
		if (isNoop()) {
			return Observed.NONE;
		}
		// what a store says of an error may quote what it did not take, but that is
		// encrypted by then
		return Observed.start(this.registry, () -> EventObservation.APPEND.observation(null, this.defaultAppend,
				() -> new EventAppendContext(store, events), this.registry), true);
	}

	/**
	 * Starts to observe an attempt of a synchronous subscriber.
	 * @param named whether the id of the subscription was chosen by somebody
	 * @param quotable whether nothing of the event is going to be encrypted
	 */
	public Observed deliver(String subscription, boolean named, Event<?> event, boolean quotable) {
		if (isNoop()) {
			return Observed.NONE;
		}
		return deliver(new EventDeliveryContext(subscription, named, List.of(event), false, 1, false), quotable);
	}

	/**
	 * Starts to observe an attempt at stored events.
	 * @param named whether the id of the subscription was chosen by somebody
	 * @param events what the subscriber gets
	 * @param batch whether it takes lists
	 */
	public Observed deliver(String subscription, boolean named, List<? extends Event<?>> events, boolean batch,
			int attempt, boolean replay) {
		if (isNoop()) {
			return Observed.NONE;
		}
		return deliver(new EventDeliveryContext(subscription, named, events, batch, attempt, replay),
				isQuotable(events));
	}

	private Observed deliver(EventDeliveryContext context, boolean quotable) {
		return Observed.start(this.registry, () -> EventObservation.DELIVER.observation(this.deliveryConvention,
				this.defaultDelivery, () -> context, this.registry), quotable);
	}

	/**
	 * Starts to observe the call of a handler, as part of an attempt; parameters as of
	 * that.
	 */
	public Observed handle(String subscription, boolean named, List<? extends Event<?>> events, boolean batch,
			int attempt, boolean replay) {
		if (isNoop()) {
			return Observed.NONE;
		}
		return Observed.start(this.registry, () -> EventObservation.HANDLE.observation(null, this.defaultHandle,
				() -> new EventHandleContext(
						new EventDeliveryContext(subscription, named, events, batch, attempt, replay)),
				this.registry), isQuotable(events));
	}

	private static boolean isQuotable(List<? extends Event<?>> events) {
		for (Event<?> event : events) {
			if (event.metadata().containsKey(EventEncryption.METADATA)) {
				return false;
			}
		}
		return true;
	}

	/**
	 * The event with the trace of the observed call that publishes it in its metadata;
	 * unchanged when the publisher has put one there. That of the event being handled,
	 * which comes along when a publisher passes its metadata on, does not count as such.
	 * @param cause the event being handled, or {@code null}
	 */
	public <T> Event<T> trace(Event<T> event, @Nullable Event<?> cause) {
		if (isNoop()) {
			return event;
		}
		try {
			return traced(event, cause);
		}
		catch (RuntimeException ex) {
			// a propagator of the application has made what no metadata can be
			Observed.warn(ex);
			return event;
		}
	}

	private <T> Event<T> traced(Event<T> event, @Nullable Event<?> cause) {
		Observation current = this.registry.getCurrentObservation();
		if (current == null || !(current.getContextView() instanceof EventPublishContext context)) {
			return event;
		}
		Map<String, String> carrier = context.getCarrier();
		if (carrier == null || carrier.isEmpty()) {
			return event;
		}
		Map<String, String> inherited = (cause != null) ? cause.metadata() : Map.of();
		for (String name : TRACE) {
			if (isSupplied(name, event, inherited)) {
				return event;
			}
		}
		Map<String, String> entries = new HashMap<>(carrier);
		entries.keySet().removeIf((name) -> isSupplied(name, event, inherited));
		return event.withMetadata(entries);
	}

	private static boolean isSupplied(String name, Event<?> event, Map<String, String> inherited) {
		String value = event.metadata().get(name);
		return value != null && !Objects.equals(value, inherited.get(name));
	}

}
