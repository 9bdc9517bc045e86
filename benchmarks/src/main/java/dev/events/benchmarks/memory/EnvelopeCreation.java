package dev.events.benchmarks.memory;

import java.util.Map;
import java.util.concurrent.TimeUnit;

import dev.events.Event;
import dev.events.benchmarks.contender.Order;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/**
 * What an envelope costs: an id, a time, and what the annotations of the data say.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 4, time = 2)
@Measurement(iterations = 5, time = 2)
@Fork(1)
public class EnvelopeCreation {

	private final Order order = Order.next();

	private final Map<String, Object> map = Map.of("id", "order-1", "amount", 12);

	@Benchmark
	public Object ofAnnotatedObject() {
		return Event.of(this.order);
	}

	@Benchmark
	public Object ofTypeAndMap() {
		return Event.of("benchmark.order", this.map);
	}

}
