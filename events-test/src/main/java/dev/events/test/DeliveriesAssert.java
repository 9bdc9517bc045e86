package dev.events.test;

import java.util.List;

import org.assertj.core.api.AbstractAssert;

/**
 * Deliveries of events of a type, to any subscription.
 */
public final class DeliveriesAssert extends AbstractAssert<DeliveriesAssert, List<HandledEvent>> {

	private final TestEventBus bus;

	private final String type;

	DeliveriesAssert(TestEventBus bus, String type, List<HandledEvent> calls) {
		super(calls, DeliveriesAssert.class);
		this.bus = bus;
		this.type = type;
	}

	/**
	 * Those to a subscription; how many there must be is for the next call to say.
	 * @param subscription its id
	 */
	public DeliveredToAssert to(String subscription) {
		return new DeliveredToAssert(this.bus, this.type, subscription,
				this.actual.stream().filter((call) -> call.subscription().equals(subscription)).toList());
	}

	/** There is none to a subscription, not even an attempt. */
	public DeliveriesAssert notTo(String subscription) {
		if (this.actual.stream().anyMatch((call) -> call.subscription().equals(subscription))) {
			throw failure("Expected %s not to come to '%s', but there was%s", this.type, subscription,
					EventMatch.show(this.actual));
		}
		return this;
	}

}
