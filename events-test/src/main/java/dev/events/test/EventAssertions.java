package dev.events.test;

/**
 * Assertions about events; each failure lists what there was.
 *
 * <pre>{@code
 * assertThat(bus).hasPublished(UserRegistered.class);
 * assertThat(bus).published("order.*").inOrder("order.placed", "order.paid");
 * assertThat(bus).delivered(OrderPaid.class).to("audit").exactly(2);
 * assertThat(bus).hasDeadLetter("billing").because(IllegalStateException.class);
 * }</pre>
 */
public final class EventAssertions {

	private EventAssertions() {
	}

	/** Begins assertions about what a bus has done so far. */
	public static TestEventBusAssert assertThat(TestEventBus bus) {
		return new TestEventBusAssert(bus);
	}

}
