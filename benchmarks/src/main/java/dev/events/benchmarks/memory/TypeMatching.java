package dev.events.benchmarks.memory;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;

import dev.events.Event;
import dev.events.Subscriber;
import dev.events.bus.DurableEventBus;
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
 * What it costs that many wildcard subscriptions have to be looked at, one of which
 * matches: for synchronous subscribers, and for those to which the engine delivers.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 4, time = 2)
@Measurement(iterations = 5, time = 2)
@Fork(1)
public class TypeMatching {

	private static final int BATCH = 500;

	private static final int TYPES = 2_000;

	/** How many subscriptions there are. */
	@Param({ "10", "1000" })
	public int wildcards;

	private final DurableEventBus synchronous = DurableEventBus.builder(new RingStore()).build();

	private final DurableEventBus engine = DurableEventBus.builder(new RingStore()).build();

	private final LongAdder handled = new LongAdder();

	private final List<Event<?>> batch = new ArrayList<>();

	private final List<Event<?>> types = new ArrayList<>();

	private long published;

	private int next;

	/** Subscribes to {@code area0.**}, {@code area1.**} and so on. */
	@Setup
	public void subscribe() {
		for (int i = 0; i < this.wildcards; i++) {
			String pattern = "area" + i + ".**";
			this.synchronous
				.subscribe(Subscriber.to(pattern).synchronous().handler((event) -> this.handled.increment()));
			this.engine.subscribe(Subscriber.to(pattern).partitions(1).handler((event) -> this.handled.increment()));
		}
		for (int i = 0; i < BATCH; i++) {
			this.batch.add(Event.of("area3.order", Map.of("number", i)));
		}
		for (int i = 0; i < TYPES; i++) {
			this.types.add(Event.of("area3.order" + i, Map.of("number", i)));
		}
		this.engine.start();
	}

	/** Stops delivery. */
	@TearDown
	public void stop() {
		this.engine.stop();
	}

	@Benchmark
	public Object oneType() {
		return this.synchronous.publish(this.batch.get(0));
	}

	@Benchmark
	public Object manyTypes() {
		this.next = (this.next + 1) % TYPES;
		return this.synchronous.publish(this.types.get(this.next));
	}

	@Benchmark
	@OperationsPerInvocation(BATCH)
	public void delivered() {
		this.engine.publishAll(this.batch);
		this.published += BATCH;
		while (this.handled.sum() < this.published) {
			Thread.onSpinWait();
		}
	}

}
