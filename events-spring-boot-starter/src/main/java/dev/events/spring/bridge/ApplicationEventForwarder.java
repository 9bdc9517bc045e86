package dev.events.spring.bridge;

import java.util.List;
import java.util.Map;

import dev.events.Event;
import dev.events.EventTypeDescriptor;
import dev.events.publish.EventForwarder;
import tools.jackson.databind.JsonNode;

import org.springframework.context.ApplicationEventPublisher;
import org.springframework.context.PayloadApplicationEvent;
import org.springframework.core.ResolvableType;

/**
 * Publishes the bus' events as application events, in the publisher's thread and
 * transaction: the data object if its class carries the event's
 * {@link dev.events.EventType}, else the {@link Event}. Listeners that throw refuse the
 * publication. Thread-safe.
 */
public final class ApplicationEventForwarder implements EventForwarder {

	private final ApplicationEventPublisher publisher;

	private final BridgedEvents bridged;

	/**
	 * Creates a forwarder.
	 * @param publisher where to publish
	 * @param bridged shared with the opposite direction
	 */
	public ApplicationEventForwarder(ApplicationEventPublisher publisher, BridgedEvents bridged) {
		this.publisher = publisher;
		this.bridged = bridged;
	}

	@Override
	public void forward(Event<?> event) {
		if (this.bridged.isCrossing(event.id())) {
			return;
		}
		Object data = event.data();
		if (isNamedByItsClass(event)) {
			this.bridged.whileCrossing(data, () -> this.publisher.publishEvent(data));
		}
		else {
			ResolvableType type = ResolvableType.forClassWithGenerics(Event.class, dataType(data));
			this.bridged.whileCrossing(event,
					() -> this.publisher.publishEvent(new PayloadApplicationEvent<>(this.publisher, event, type)));
		}
	}

	private static boolean isNamedByItsClass(Event<?> event) {
		Class<?> dataType = event.data().getClass();
		return EventTypeDescriptor.isEventType(dataType)
				&& EventTypeDescriptor.of(dataType).type().equals(event.type());
	}

	/**
	 * As which type listeners will ask for the data, where the class is only one of many.
	 */
	private static ResolvableType dataType(Object data) {
		if (data instanceof Map) {
			return ResolvableType.forClassWithGenerics(Map.class, String.class, Object.class);
		}
		if (data instanceof List) {
			return ResolvableType.forClassWithGenerics(List.class, Object.class);
		}
		return ResolvableType.forClass((data instanceof JsonNode) ? JsonNode.class : data.getClass());
	}

}
