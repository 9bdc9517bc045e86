package dev.events.benchmarks.memory;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;

import dev.events.Event;
import dev.events.Subscriber;
import dev.events.bus.DurableEventBus;
import dev.events.bus.EventBusBuilder;
import dev.events.observation.EventObservations;
import io.micrometer.core.instrument.observation.DefaultMeterObservationHandler;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.micrometer.observation.ObservationRegistry;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/**
 * What it costs that publishing and delivery can be observed.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 4, time = 2)
@Measurement(iterations = 5, time = 2)
@Fork(1)
public class Observing {

	private static final int BATCH = 500;

	/** Who observes. */
	@Param({ "nobody", "unused registry", "mdc", "timers" })
	public String observers = "nobody";

	private final LongAdder handled = new LongAdder();

	private final List<Event<?>> batch = new ArrayList<>();

	private final DurableEventBus[] buses = new DurableEventBus[2];

	private long published;

	/** One bus with a synchronous subscriber, one with an asynchronous one. */
	@Setup
	public void subscribe() {
		for (int i = 0; i < BATCH; i++) {
			this.batch.add(Event.of("area3.order", Map.of("number", i)));
		}
		for (int i = 0; i < this.buses.length; i++) {
			this.buses[i] = bus();
		}
		this.buses[0]
			.subscribe(Subscriber.to("area3.**").id("s").synchronous().handler((event) -> this.handled.increment()));
		this.buses[1]
			.subscribe(Subscriber.to("area3.**").id("s").partitions(1).handler((event) -> this.handled.increment()));
		this.buses[1].start();
	}

	private DurableEventBus bus() {
		EventBusBuilder builder = DurableEventBus.builder(new RingStore()).mdc(this.observers.equals("mdc"));
		ObservationRegistry registry = ObservationRegistry.create();
		if (this.observers.equals("timers")) {
			registry.observationConfig()
				.observationHandler(new DefaultMeterObservationHandler(new SimpleMeterRegistry()));
		}
		boolean hasRegistry = this.observers.equals("timers") || this.observers.equals("unused registry");
		return (hasRegistry ? builder.observations(EventObservations.of(registry)) : builder).build();
	}

	/** Stops delivery. */
	@TearDown
	public void stop() {
		this.buses[1].stop();
	}

	@Benchmark
	public Object synchronous() {
		return this.buses[0].publish(this.batch.get(0));
	}

	@Benchmark
	@OperationsPerInvocation(BATCH)
	public void delivered() {
		this.buses[1].publishAll(this.batch);
		this.published += BATCH;
		while (this.handled.sum() < this.published) {
			Thread.onSpinWait();
		}
	}

}
