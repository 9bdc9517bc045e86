package dev.events.test.saga;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;

import dev.events.Event;
import dev.events.EventBus;
import dev.events.Saga;
import dev.events.Subscriber;

/**
 * An order that is paid, then reserved, or taken back, with the services that do so.
 * Which orders fail, and where, follows from their numbers.
 */
public final class OrderSaga {

	private OrderSaga() {
	}

	/** Registers the saga and the services on a node. */
	public static void register(EventBus bus, Duration timeout) {
		bus.sagas().register(saga(timeout));
		bus.subscribe(Subscriber.to("payment.requested").id("payments").function((event, delivery) -> {
			int number = number(event);
			if (isNeverPaid(number)) {
				return List.of();
			}
			return answer(event, isRefused(number) ? "payment.failed" : "payment.completed");
		}));
		bus.subscribe(Subscriber.to("inventory.requested")
			.id("inventory")
			.function((event, delivery) -> answer(event,
					isOutOfStock(number(event)) ? "inventory.failed" : "inventory.reserved")));
	}

	private static Event<?> answer(Event<Object> request, String type) {
		// a key of the answer's own, so that events of one saga come through several
		// partitions; an id of its own, so that a repeated answer is known to be one
		return Event.of(type, request.data()).withKey(type + number(request)).withId(answerId(request, type));
	}

	private static UUID answerId(Event<Object> request, String type) {
		return UUID.nameUUIDFromBytes((type + request.id()).getBytes(StandardCharsets.UTF_8));
	}

	static Event<?> placed(int number) {
		return Event.of("order.placed", Map.of("number", number)).withCorrelationId("order-" + number);
	}

	static boolean isNeverPaid(int number) {
		return number % 7 == 3;
	}

	static boolean isRefused(int number) {
		return number % 5 == 1;
	}

	static boolean isOutOfStock(int number) {
		return number % 3 == 0;
	}

	static boolean isCompleted(int number) {
		return !isNeverPaid(number) && !isRefused(number) && !isOutOfStock(number);
	}

	private static int number(Event<Object> event) {
		return number(event.data());
	}

	private static int number(Object data) {
		return (((Map<?, ?>) data).get("number") instanceof Number number) ? number.intValue() : -1;
	}

	private static Saga<Order> saga(Duration timeout) {
		return Saga.named("order", Order.class).startsOn("order.placed", (event, saga) -> {
			saga.publish(Event.of("payment.requested", event.data()));
			return new Order(number(event), 0);
		}).compensateWith((state, saga) -> {
			saga.publish(Event.of("order.cancelled", Map.of("number", state.number())));
			return state.next();
		}).on("payment.completed", (state, event, saga) -> {
			saga.publish(Event.of("inventory.requested", event.data()));
			return state.next();
		}).compensateWith((state, saga) -> {
			saga.publish(Event.of("payment.refund", Map.of("number", state.number())));
			return state.next();
		}).on("payment.failed", (state, event, saga) -> {
			saga.compensate("not paid");
			return state.next();
		}).on("inventory.failed", (state, event, saga) -> {
			saga.compensate("out of stock");
			return state.next();
		}).endsOn("inventory.reserved", (state, event, saga) -> {
			saga.publish(Event.of("order.completed", event.data()));
			return state.next();
		}).timeout(timeout).build();
	}

	/**
	 * The state.
	 *
	 * @param number number of the order
	 * @param changes how often it was changed
	 */
	record Order(int number, int changes) {

		Order next() {
			return new Order(this.number, this.changes + 1);
		}

	}

}
