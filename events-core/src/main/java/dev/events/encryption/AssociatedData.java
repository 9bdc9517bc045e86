package dev.events.encryption;

import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.temporal.ChronoUnit;

import dev.events.store.EventRecord;
import org.jspecify.annotations.Nullable;

/**
 * What cipher text is bound to. Each part is written with its length in front of it, so
 * that no two lists of parts give the same bytes.
 */
final class AssociatedData {

	private final ByteArrayOutputStream bytes = new ByteArrayOutputStream(512);

	private final DataOutputStream out = new DataOutputStream(this.bytes);

	private AssociatedData() {
	}

	/**
	 * Of one value in the data of an event: the envelope, what is encrypted of the event,
	 * the key and the place of the value. Of the metadata only the mark is part of it.
	 */
	static byte[] of(EventRecord event, @Nullable String mark, String keyId, String path) {
		return new AssociatedData().add("dev.events data 1")
			.add(event.id().toString())
			.add(event.type())
			.add(event.version())
			.add(event.source())
			.add(event.key())
			.add(event.organization())
			.add(event.user())
			.add(event.correlationId())
			.add(event.causationId())
			.add(Long.toString(ChronoUnit.MICROS.between(Instant.EPOCH, event.timestamp())))
			.add(mark)
			.add(keyId)
			.add(path)
			.toBytes();
	}

	/** Of the key of a data subject. */
	static byte[] of(String subject, int generation, String keyId) {
		return new AssociatedData().add("dev.events subject key 1")
			.add(subject)
			.add(Integer.toString(generation))
			.add(keyId)
			.toBytes();
	}

	AssociatedData add(@Nullable String part) {
		try {
			if (part == null) {
				this.out.writeInt(-1);
			}
			else {
				byte[] text = part.getBytes(StandardCharsets.UTF_8);
				this.out.writeInt(text.length);
				this.out.write(text);
			}
			return this;
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	byte[] toBytes() {
		return this.bytes.toByteArray();
	}

}
