package dev.events.test;

import java.time.Duration;
import java.time.Instant;

import dev.events.bus.DurableEventBus;
import dev.events.bus.EventBusBuilder;
import dev.events.delivery.DeliverySettings;
import dev.events.publish.PublishTransactions;
import dev.events.store.EventStore;

/**
 * What a {@link TestEventBus} puts into a real bus, for whoever builds that himself, as
 * the test slice for Spring does. For others there is {@link TestEventBus#create()}.
 *
 * <pre>{@code
 * TestEventBusSetup setup = new TestEventBusSetup();
 * EventBusBuilder builder = DurableEventBus.builder(setup.store());
 * setup.applyTo(builder);
 * TestEventBus bus = setup.wrap(builder.build());
 * }</pre>
 */
public final class TestEventBusSetup {

	private static final DeliverySettings DELIVERY = new DeliverySettings(1, Duration.ofMinutes(1),
			Duration.ofMillis(500), Duration.ofMillis(5), 500, 10_000, Duration.ofSeconds(5), Duration.ZERO);

	final ManualClock clock;

	final StoreFaults faults = new StoreFaults();

	final TestEventStore store;

	final HandlerCalls calls = new HandlerCalls();

	final GatedWorkers workers = new GatedWorkers();

	/** With a clock that stands at the present time. */
	public TestEventBusSetup() {
		this(Instant.now(), PublishTransactions.NONE);
	}

	/**
	 * With a clock that stands at a time, and transactions.
	 * @param now what the clock shows
	 * @param transactions those of the application; the store takes part in them all
	 */
	public TestEventBusSetup(Instant now, PublishTransactions transactions) {
		this.clock = new ManualClock(now);
		this.store = new TestEventStore(this.clock, this.faults, transactions);
	}

	/** The store that the bus has to be built over. */
	public EventStore store() {
		return this.store;
	}

	/** The clock of the store. */
	public ManualClock clock() {
		return this.clock;
	}

	/** Sets what must not be changed afterwards, and delivery settings for tests. */
	public void applyTo(EventBusBuilder builder) {
		builder.workers(this.workers)
			.deliveryInterceptor(this.calls)
			.ephemeralStore(this.store::ephemeral)
			.ticker(this.clock::nanos)
			.delivery(DELIVERY);
	}

	/** The test bus around the bus that was built; it is started with the first need. */
	public TestEventBus wrap(DurableEventBus bus) {
		return new TestEventBus(bus, this);
	}

}
