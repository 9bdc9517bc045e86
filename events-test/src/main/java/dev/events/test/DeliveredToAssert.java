package dev.events.test;

import java.util.List;

import dev.events.Event;
import org.assertj.core.api.AbstractAssert;

/**
 * Deliveries of events of a type to one subscription. A delivery is a call of the handler
 * that succeeded; each that did not is a failed attempt.
 */
public final class DeliveredToAssert extends AbstractAssert<DeliveredToAssert, List<HandledEvent>> {

	private final TestEventBus bus;

	private final String type;

	private final String subscription;

	DeliveredToAssert(TestEventBus bus, String type, String subscription, List<HandledEvent> calls) {
		super(calls, DeliveredToAssert.class);
		this.bus = bus;
		this.type = type;
		this.subscription = subscription;
	}

	/** The events that were delivered, in order. */
	public List<? extends Event<?>> events() {
		return this.actual.stream().filter(HandledEvent::isDelivered).map(HandledEvent::event).toList();
	}

	/** There are so many deliveries. */
	public DeliveredToAssert exactly(int times) {
		if (events().size() != times) {
			throw failure("Expected %s to be delivered to '%s' %d times, but it was %d times. There was%s", this.type,
					this.subscription, times, events().size(), EventMatch.show(this.bus.handled()));
		}
		return this;
	}

	/** There is one delivery. */
	public DeliveredToAssert once() {
		return exactly(1);
	}

	/** There is no delivery; attempts may have failed. */
	public DeliveredToAssert never() {
		return exactly(0);
	}

	/** So many attempts have failed. */
	public DeliveredToAssert failed(int times) {
		long failed = this.actual.stream().filter((call) -> !call.isDelivered()).count();
		if (failed != times) {
			throw failure("Expected %d attempts at %s to fail in '%s', but %d did. There was%s", times, this.type,
					this.subscription, failed, EventMatch.show(this.bus.handled()));
		}
		return this;
	}

	/**
	 * These were delivered, in this order, and no others.
	 * @param expected each the name of a type, a class that carries one, or the data
	 */
	public DeliveredToAssert inOrder(Object... expected) {
		if (!EventMatch.inOrder(this.bus, events(), expected)) {
			throw failure("Expected %s to be delivered to '%s' in this order:%s\nbut it was%s", this.type,
					this.subscription, EventMatch.show(expected), EventMatch.show(events()));
		}
		return this;
	}

}
