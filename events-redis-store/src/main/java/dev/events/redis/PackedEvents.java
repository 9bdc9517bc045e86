package dev.events.redis;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Arrays;
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

	private static final VarHandle NUMBERS = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);

	private static final byte FORMAT = 1;

	private static final int KEY = 1;

	private static final int ORGANIZATION = 2;

	private static final int USER = 4;

	private static final int CAUSATION = 8;

	/**
	 * The correlation id is not just the id, as that of the first event of a chain is.
	 */
	private static final int CORRELATION = 16;

	private final Recurring types = new Recurring();

	private final Recurring versions = new Recurring();

	private final Recurring sources = new Recurring();

	/** Begins to unpack several events, which are often of the same type and source. */
	PackedEvents() {
	}

	static byte[] id(UUID id) {
		return ByteBuffer.allocate(ID_LENGTH)
			.putLong(id.getMostSignificantBits())
			.putLong(id.getLeastSignificantBits())
			.array();
	}

	static byte[] pack(EventRecord event) {
		boolean correlated = !event.correlationId().equals(event.id().toString());
		Writer out = new Writer();
		out.number(event.id().getMostSignificantBits());
		out.number(event.id().getLeastSignificantBits());
		out.octet(FORMAT);
		out.octet(flag(event.key(), KEY) | flag(event.organization(), ORGANIZATION) | flag(event.user(), USER)
				| flag(event.causationId(), CAUSATION) | (correlated ? CORRELATION : 0));
		out.number(micros(event.timestamp()));
		out.string(event.type());
		out.string(event.version());
		out.string(event.source());
		out.string(event.key());
		out.string(event.organization());
		out.string(event.user());
		out.string(event.causationId());
		out.string(correlated ? event.correlationId() : null);
		out.length(event.metadata().size());
		event.metadata().forEach((name, value) -> {
			out.string(name);
			out.string(value);
		});
		return out.toBytes(event.data().getBytes(StandardCharsets.UTF_8));
	}

	static EventRecord unpack(byte[] packed) {
		return new PackedEvents().next(packed);
	}

	/** Unpacks the next of several events. */
	EventRecord next(byte[] packed) {
		Reader in = new Reader(packed);
		UUID id = new UUID(in.bytes.getLong(), in.bytes.getLong());
		byte format = in.bytes.get();
		if (format != FORMAT) {
			throw new EventStoreException("Event " + id + " is stored in format " + format
					+ ", which this version cannot read; was it written by a newer one?", null);
		}
		int flags = in.bytes.get();
		Instant timestamp = Answer.instant(in.bytes.getLong());
		String type = in.string(this.types);
		String version = in.string(this.versions);
		String source = in.string(this.sources);
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

	/**
	 * What is written of an event so far.
	 */
	private static final class Writer {

		private byte[] bytes = new byte[256];

		private int size;

		/** Bytes that are there already, and as many new ones as are asked for. */
		private byte[] room(int more) {
			if (this.bytes.length - this.size < more) {
				this.bytes = Arrays.copyOf(this.bytes, Math.max(2 * this.bytes.length, this.size + more));
			}
			return this.bytes;
		}

		void octet(int octet) {
			room(1)[this.size++] = (byte) octet;
		}

		void number(long number) {
			NUMBERS.set(room(Long.BYTES), this.size, number);
			this.size += Long.BYTES;
		}

		void string(@Nullable String value) {
			if (value != null) {
				byte[] encoded = value.getBytes(StandardCharsets.UTF_8);
				length(encoded.length);
				System.arraycopy(encoded, 0, room(encoded.length), this.size, encoded.length);
				this.size += encoded.length;
			}
		}

		/** Seven bits a byte, lowest first; the highest bit says that more follow. */
		void length(int length) {
			int rest = length;
			while (rest > 0x7f) {
				octet(rest & 0x7f | 0x80);
				rest >>>= 7;
			}
			octet(rest);
		}

		byte[] toBytes(byte[] data) {
			byte[] all = Arrays.copyOf(this.bytes, this.size + data.length);
			System.arraycopy(data, 0, all, this.size, data.length);
			return all;
		}

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

		String string(Recurring recurring) {
			int length = length();
			int from = this.bytes.position();
			this.bytes.position(from + length);
			return recurring.get(this.bytes.array(), from, from + length);
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

	/**
	 * A string that is mostly the same as the one before.
	 */
	private static final class Recurring {

		private byte[] encoded = {};

		private String value = "";

		String get(byte[] bytes, int from, int to) {
			if (!Arrays.equals(this.encoded, 0, this.encoded.length, bytes, from, to)) {
				this.encoded = Arrays.copyOfRange(bytes, from, to);
				this.value = new String(this.encoded, StandardCharsets.UTF_8);
			}
			return this.value;
		}

	}

}
