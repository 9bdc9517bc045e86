package dev.events.redis;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;

import org.jspecify.annotations.Nullable;

/**
 * A list in the answer of a script.
 */
final class Answer {

	private final List<?> items;

	Answer(List<?> items) {
		this.items = items;
	}

	int size() {
		return this.items.size();
	}

	/** The lists in this list. */
	List<Answer> lists() {
		return this.items.stream().map((item) -> new Answer((List<?>) item)).toList();
	}

	/** The items as they are. */
	List<byte[]> values() {
		return this.items.stream().map((item) -> (byte[]) item).toList();
	}

	Answer list(int index) {
		return new Answer((List<?>) this.items.get(index));
	}

	byte[] bytes(int index) {
		return (byte[]) this.items.get(index);
	}

	byte @Nullable [] nullableBytes(int index) {
		return (byte[]) this.items.get(index);
	}

	String string(int index) {
		return new String(bytes(index), StandardCharsets.UTF_8);
	}

	@Nullable String nullableString(int index) {
		return (this.items.get(index) != null) ? string(index) : null;
	}

	/** A number, which scripts write as one or as text. */
	long number(int index) {
		return (this.items.get(index) instanceof Long number) ? number : Long.parseLong(string(index));
	}

	boolean isTrue(int index) {
		return number(index) == 1;
	}

	/** Microseconds since 1970. */
	Instant instant(int index) {
		return instant(number(index));
	}

	@Nullable Instant nullableInstant(int index) {
		return (this.items.get(index) != null) ? instant(index) : null;
	}

	static Instant instant(long micros) {
		return Instant.ofEpochSecond(Math.floorDiv(micros, 1_000_000), Math.floorMod(micros, 1_000_000) * 1_000L);
	}

}
