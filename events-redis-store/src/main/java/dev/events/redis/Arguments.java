package dev.events.redis;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;

import org.jspecify.annotations.Nullable;

/**
 * Arguments of a script in the making.
 */
final class Arguments {

	private static final byte[] EMPTY = {};

	// so far in the future that it need not be told from later, and whole as a Lua number
	private static final long MAX_MICROS = 1L << 51;

	private final List<byte[]> values = new ArrayList<>();

	Arguments add(byte[] value) {
		this.values.add(value);
		return this;
	}

	Arguments add(String value) {
		return add(value.getBytes(StandardCharsets.UTF_8));
	}

	Arguments add(long value) {
		return add(Long.toString(value).getBytes(StandardCharsets.US_ASCII));
	}

	Arguments add(boolean value) {
		return add(value ? 1 : 0);
	}

	Arguments add(UUID value) {
		return add(value.toString());
	}

	/** In microseconds, as far as scripts can count them. */
	Arguments add(Duration value) {
		return add((value.getSeconds() >= MAX_MICROS / 1_000_000) ? MAX_MICROS : value.toNanos() / 1_000);
	}

	/** Two arguments: whether there is one, and it. */
	Arguments addNullable(@Nullable String value) {
		add(value != null);
		return (value != null) ? add(value) : add(EMPTY);
	}

	int size() {
		return this.values.size();
	}

	byte[][] toArray() {
		return this.values.toArray(new byte[0][]);
	}

}
