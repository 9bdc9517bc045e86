package dev.events.redis;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.UUID;

import dev.events.EventStoreException;
import dev.events.store.EventRecord;
import org.jspecify.annotations.Nullable;

/**
 * An event as bytes: id (16), format (1), which optional fields are there (1), timestamp
 * in microseconds (8), then strings, each with its length in front: type, version,
 * source, optional ones, metadata; and the data, which reaches to the end. Scripts rely
 * on the id being the first.
 */
final class PackedEvents {

	static final int ID_LENGTH = 16;

	private static final byte FORMAT = 1;

	private static final int KEY = 1;

	private static final int ORGANIZATION = 2;

	private static final int USER = 4;

	private static final int CAUSATION = 8;

	/**
	 * The correlation id is not just the id, as that of the first event of a chain is.
	 */
	private static final int CORRELATION = 16;

	private PackedEvents() {
	}

	static byte[] id(UUID id) {
		return ByteBuffer.allocate(ID_LENGTH)
			.putLong(id.getMostSignificantBits())
			.putLong(id.getLeastSignificantBits())
			.array();
	}

	static byte[] pack(EventRecord event) {
		boolean correlated = !event.correlationId().equals(event.id().toString());
		byte[] data = event.data().getBytes(StandardCharsets.UTF_8);
		ByteArrayOutputStream out = new ByteArrayOutputStream(200 + data.length);
		out.writeBytes(id(event.id()));
		out.write(FORMAT);
		out.write(flag(event.key(), KEY) | flag(event.organization(), ORGANIZATION) | flag(event.user(), USER)
				| flag(event.causationId(), CAUSATION) | (correlated ? CORRELATION : 0));
		out.writeBytes(ByteBuffer.allocate(8).putLong(micros(event.timestamp())).array());
		write(out, event.type());
		write(out, event.version());
		write(out, event.source());
		write(out, event.key());
		write(out, event.organization());
		write(out, event.user());
		write(out, event.causationId());
		write(out, correlated ? event.correlationId() : null);
		writeLength(out, event.metadata().size());
		event.metadata().forEach((name, value) -> {
			write(out, name);
			write(out, value);
		});
		out.writeBytes(data);
		return out.toByteArray();
	}

	static EventRecord unpack(byte[] packed) {
		Reader in = new Reader(packed);
		UUID id = new UUID(in.bytes.getLong(), in.bytes.getLong());
		byte format = in.bytes.get();
		if (format != FORMAT) {
			throw new EventStoreException("Event " + id + " is stored in format " + format
					+ ", which this version cannot read; was it written by a newer one?", null);
		}
		int flags = in.bytes.get();
		Instant timestamp = Answer.instant(in.bytes.getLong());
		String type = in.string();
		String version = in.string();
		String source = in.string();
		String key = in.string(flags, KEY);
		String organization = in.string(flags, ORGANIZATION);
		String user = in.string(flags, USER);
		String causationId = in.string(flags, CAUSATION);
		String correlationId = in.string(flags, CORRELATION);
		Map<String, String> metadata = in.metadata();
		return new EventRecord(id, type, version, source, key, organization, user,
				(correlationId != null) ? correlationId : id.toString(), causationId, timestamp, in.rest(), metadata);
	}

	private static int flag(@Nullable String value, int flag) {
		return (value != null) ? flag : 0;
	}

	static long micros(Instant timestamp) {
		return timestamp.getEpochSecond() * 1_000_000 + timestamp.getNano() / 1_000;
	}

	private static void write(ByteArrayOutputStream out, @Nullable String value) {
		if (value != null) {
			byte[] bytes = value.getBytes(StandardCharsets.UTF_8);
			writeLength(out, bytes.length);
			out.writeBytes(bytes);
		}
	}

	/** Seven bits a byte, lowest first; the highest bit says that more follow. */
	private static void writeLength(ByteArrayOutputStream out, int length) {
		int rest = length;
		while (rest > 0x7f) {
			out.write(rest & 0x7f | 0x80);
			rest >>>= 7;
		}
		out.write(rest);
	}

	/**
	 * What is left to read of an event.
	 */
	private static final class Reader {

		private final ByteBuffer bytes;

		Reader(byte[] packed) {
			this.bytes = ByteBuffer.wrap(packed);
		}

		@Nullable String string(int flags, int flag) {
			return ((flags & flag) != 0) ? string() : null;
		}

		String string() {
			return string(length());
		}

		String rest() {
			return string(this.bytes.remaining());
		}

		Map<String, String> metadata() {
			int size = length();
			if (size == 0) {
				return Map.of();
			}
			Map<String, String> metadata = new HashMap<>();
			for (int i = 0; i < size; i++) {
				metadata.put(string(), string());
			}
			return Map.copyOf(metadata);
		}

		private String string(int length) {
			String string = new String(this.bytes.array(), this.bytes.position(), length, StandardCharsets.UTF_8);
			this.bytes.position(this.bytes.position() + length);
			return string;
		}

		private int length() {
			int length = 0;
			int shift = 0;
			byte next;
			do {
				next = this.bytes.get();
				length |= (next & 0x7f) << shift;
				shift += 7;
			}
			while (next < 0);
			return length;
		}

	}

}
