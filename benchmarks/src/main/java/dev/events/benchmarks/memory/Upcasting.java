package dev.events.benchmarks.memory;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

import dev.events.Event;
import dev.events.EventType;
import dev.events.EventUpcaster;
import dev.events.codec.EventCodec;
import dev.events.encryption.EncryptionSettings;
import dev.events.encryption.EventEncryption;
import dev.events.memory.MemoryEventStore;
import dev.events.store.EventRecord;
import dev.events.upcast.Upcasters;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;
import tools.jackson.databind.json.JsonMapper;

/**
 * What upcasters cost those that read events: of events that are current, which are
 * nearly all, and of old ones.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 4, time = 2)
@Measurement(iterations = 5, time = 2)
@Fork(1)
public class Upcasting {

	private static final int TYPES = 100;

	private final EventEncryption plain = EventEncryption.of(EncryptionSettings.NONE, new MemoryEventStore(),
			JsonMapper.shared());

	private final EventCodec without = new EventCodec(JsonMapper.shared(), 1000, Upcasters.NONE, this.plain);

	private final EventCodec with = new EventCodec(JsonMapper.shared(), 1000, Upcasters.of(upcasters()), this.plain);

	private final EventRecord other = this.without
		.encode(Event.of("user.renamed", new Renamed("Ada", "Lovelace")).withSource("a"))
		.record();

	private final EventRecord current = this.without.encode(Event.of(new Registered("Ada Lovelace")).withSource("a"))
		.record();

	private final EventRecord old = this.without
		.encode(Event.of("user.registered", new Renamed("Ada", "Lovelace")).withSource("a"))
		.record();

	private static List<EventUpcaster> upcasters() {
		List<EventUpcaster> upcasters = new ArrayList<>();
		for (int i = 0; i < TYPES; i++) {
			upcasters.add(EventUpcaster.unchanged("type" + i, "1.0.0", "2.0.0"));
		}
		upcasters.add(EventUpcaster.of("user.registered", "1.0.0", "2.0.0",
				(data) -> data.put("name", data.remove("first").asString() + " " + data.remove("last").asString())));
		return upcasters;
	}

	/** There are none at all. */
	@Benchmark
	public Object noUpcasters() {
		return this.without.decode(this.current, Registered.class);
	}

	/** The event is current, its type has upcasters. */
	@Benchmark
	public Object currentEvent() {
		return this.with.decode(this.current, Registered.class);
	}

	/** There are none at all. */
	@Benchmark
	public Object noUpcastersPlain() {
		return this.without.decode(this.current);
	}

	/** The event is current, and read as maps. */
	@Benchmark
	public Object currentEventPlain() {
		return this.with.decode(this.current);
	}

	/** There are none at all. */
	@Benchmark
	public Object noUpcastersOtherType() {
		return this.without.decode(this.other, Renamed.class);
	}

	/** Other types have upcasters. */
	@Benchmark
	public Object otherType() {
		return this.with.decode(this.other, Renamed.class);
	}

	/** Goes through an upcaster. */
	@Benchmark
	public Object oldEvent() {
		return this.with.decode(this.old, Registered.class);
	}

	/**
	 * Version 2.0.0.
	 *
	 * @param name the name
	 */
	@EventType(value = "user.registered", version = "2.0.0")
	public record Registered(String name) {

	}

	/**
	 * As version 1.0.0 was.
	 *
	 * @param first first name
	 * @param last last name
	 */
	public record Renamed(String first, String last) {

	}

}
