package dev.events.benchmarks.memory;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;

import dev.events.Event;
import dev.events.EventPattern;
import dev.events.codec.EventCodec;
import dev.events.codec.EventCodec.Encoded;
import dev.events.encryption.EncryptionRule;
import dev.events.encryption.EncryptionSettings;
import dev.events.encryption.EventEncryption;
import dev.events.encryption.EventKey;
import dev.events.encryption.EventKeyProvider;
import dev.events.memory.MemoryEventStore;
import dev.events.store.EventRecord;
import dev.events.upcast.Upcasters;
import org.jspecify.annotations.Nullable;
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
 * What encryption costs for an event with about 1,000 bytes of data: nothing, all of it,
 * one field, one field with the key of a data subject.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 4, time = 2)
@Measurement(iterations = 5, time = 2)
@Fork(1)
public class Encrypting {

	private final EventCodec codec = new EventCodec(JsonMapper.shared(), 100_000, Upcasters.NONE,
			EventEncryption
				.of(new EncryptionSettings(EventKeyProvider.of(List.of(new EventKey("k", new byte[32])), "k"),
						List.of(rule("whole", null), rule("field", null, "/name"), rule("subject", "/id", "/name")),
						Duration.ofMinutes(1)), new MemoryEventStore(), JsonMapper.shared()));

	private final Encoded plain = encoded("plain");

	private final Encoded whole = encoded("whole");

	private final Encoded field = encoded("field");

	private final Encoded subject = encoded("subject");

	private final EventRecord sealedWhole = this.codec.seal(this.whole);

	private final EventRecord sealedField = this.codec.seal(this.field);

	private final EventRecord sealedSubject = this.codec.seal(this.subject);

	private static EncryptionRule rule(String type, @Nullable String subject, String... fields) {
		return new EncryptionRule(EventPattern.of(type), List.of(fields), subject);
	}

	private Encoded encoded(String type) {
		return this.codec.encode(Event.of(type, new Data("u-1", "Ada Lovelace", "x".repeat(950))).withSource("a"));
	}

	/** Writing what is not encrypted. */
	@Benchmark
	public Object sealNothing() {
		return this.codec.seal(this.plain);
	}

	/** Encrypting all of the data. */
	@Benchmark
	public Object sealWhole() {
		return this.codec.seal(this.whole);
	}

	/** Encrypting a field. */
	@Benchmark
	public Object sealField() {
		return this.codec.seal(this.field);
	}

	/** Encrypting a field with the key of a data subject. */
	@Benchmark
	public Object sealSubject() {
		return this.codec.seal(this.subject);
	}

	/** Reading what is not encrypted. */
	@Benchmark
	public Object openNothing() {
		return this.codec.decode(this.plain.record(), Data.class);
	}

	/** Decrypting and reading all of the data. */
	@Benchmark
	public Object openWhole() {
		return this.codec.decode(this.sealedWhole, Data.class);
	}

	/** Decrypting a field and reading the data. */
	@Benchmark
	public Object openField() {
		return this.codec.decode(this.sealedField, Data.class);
	}

	/** Decrypting a field with the key of a data subject and reading the data. */
	@Benchmark
	public Object openSubject() {
		return this.codec.decode(this.sealedSubject, Data.class);
	}

	/**
	 * What happened.
	 *
	 * @param id whom it is about
	 * @param name his name
	 * @param rest the rest
	 */
	public record Data(String id, String name, String rest) {

	}

}
