package dev.events.benchmarks.memory;

import java.util.Map;
import java.util.concurrent.TimeUnit;

import dev.events.Event;
import dev.events.EventSchema;
import dev.events.bus.DurableEventBus;
import dev.events.schema.SchemaSettings;
import dev.events.schema.SchemaValidation;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

import static dev.events.FieldOption.format;
import static dev.events.FieldOption.required;
import static dev.events.FieldType.INTEGER;
import static dev.events.FieldType.STRING;
import static dev.events.FieldType.UUID;

/**
 * What schemas cost publishers.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 4, time = 2)
@Measurement(iterations = 5, time = 2)
@Fork(1)
public class SchemaValidating {

	private static final EventSchema SCHEMA = EventSchema.of("user.registered", "1.0.0")
		.field("userId", UUID, required())
		.field("email", STRING, required(), format("email"))
		.field("name", STRING, required())
		.field("age", INTEGER);

	private final DurableEventBus strict = DurableEventBus.builder(new RingStore()).build();

	private final DurableEventBus off = DurableEventBus.builder(new RingStore())
		.schemas(SchemaSettings.DEFAULT.withValidation(SchemaValidation.OFF))
		.build();

	private final Map<String, Object> data = Map.of("userId", "0194f3a2-7b6e-7c3d-9a1b-2c3d4e5f6a7b", "email",
			"ada@example.com", "name", "Ada Lovelace", "age", 36);

	private final Event<?> withSchema = Event.of("user.registered", this.data);

	private final Event<?> withoutSchema = Event.of("user.renamed", this.data);

	/** Registers a schema. */
	@Setup
	public void register() {
		this.strict.schemas().register(SCHEMA);
	}

	@Benchmark
	public Object off() {
		return this.off.publish(this.withoutSchema);
	}

	@Benchmark
	public Object typeWithoutSchema() {
		return this.strict.publish(this.withoutSchema);
	}

	@Benchmark
	public Object typeWithSchema() {
		return this.strict.publish(this.withSchema);
	}

}
