package dev.events.spring.bridge;

import java.util.UUID;
import java.util.function.Supplier;

import dev.events.Event;
import dev.events.EventBus;
import dev.events.EventTypeDescriptor;

import org.springframework.beans.factory.SmartInitializingSingleton;
import org.springframework.context.ApplicationEvent;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.PayloadApplicationEvent;
import org.springframework.context.event.GenericApplicationListener;
import org.springframework.core.Ordered;
import org.springframework.core.ResolvableType;

/**
 * Publishes on the bus what the application publishes with its
 * {@code ApplicationEventPublisher}: {@link Event}s and objects whose class carries
 * {@link dev.events.EventType}. Always in the publisher's thread and transaction,
 * whatever executor the application's multicaster has, and after other listeners: one
 * that throws keeps the event from the bus.
 */
public final class ApplicationEventIntake implements GenericApplicationListener, SmartInitializingSingleton {

	private final ConfigurableApplicationContext context;

	private final Supplier<EventBus> bus;

	private final BridgedEvents bridged;

	/**
	 * Creates an intake.
	 * @param context whose events to take in
	 * @param bus where to publish; asked for at every event
	 * @param bridged shared with the opposite direction
	 */
	public ApplicationEventIntake(ConfigurableApplicationContext context, Supplier<EventBus> bus,
			BridgedEvents bridged) {
		this.context = context;
		this.bus = bus;
		this.bridged = bridged;
	}

	/**
	 * Moves behind {@code @EventListener} methods, which have the lowest precedence too
	 * and are registered later.
	 */
	@Override
	public void afterSingletonsInstantiated() {
		this.context.removeApplicationListener(this);
		this.context.addApplicationListener(this);
	}

	@Override
	public boolean supportsEventType(ResolvableType eventType) {
		Class<?> type = eventType.toClass();
		if (!PayloadApplicationEvent.class.isAssignableFrom(type)) {
			return false;
		}
		Class<?> payloadType = eventType.as(PayloadApplicationEvent.class).getGeneric().resolve();
		// a payload of unknown type is looked at when it comes
		return payloadType == null || payloadType.isInterface() || isEvent(payloadType);
	}

	@Override
	public boolean supportsAsyncExecution() {
		return false;
	}

	@Override
	public int getOrder() {
		return Ordered.LOWEST_PRECEDENCE;
	}

	@Override
	public void onApplicationEvent(ApplicationEvent applicationEvent) {
		Object payload = ((PayloadApplicationEvent<?>) applicationEvent).getPayload();
		if (isEvent(payload.getClass()) && !this.bridged.isCrossing(payload)) {
			Event<?> event = (payload instanceof Event<?> envelope) ? envelope : Event.of(payload);
			UUID id = event.id();
			this.bridged.whileCrossing(id, () -> this.bus.get().publish(event));
		}
	}

	private static boolean isEvent(Class<?> payloadType) {
		return payloadType == Event.class || EventTypeDescriptor.isEventType(payloadType);
	}

}
