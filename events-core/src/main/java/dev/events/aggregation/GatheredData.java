package dev.events.aggregation;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Map;
import java.util.UUID;

import dev.events.Aggregation;
import dev.events.Event;
import dev.events.SubjectErasedException;
import dev.events.codec.EventCodec;
import dev.events.store.EventRecord;
import tools.jackson.databind.JsonNode;

/**
 * Writes and reads what an aggregation gathers, the way data of events is written and
 * read: as if each were an event of the type {@code aggregation.<name>}. So what is
 * marked to be encrypted is encrypted, and who was forgotten cannot be read here either.
 * Thread-safe.
 *
 * @param <A> class of what is gathered
 */
final class GatheredData<A> {

	private static final String VERSION = "1.0.0";

	private static final String SOURCE = "aggregation";

	private final Aggregation<?, A> aggregation;

	private final EventCodec codec;

	GatheredData(Aggregation<?, A> aggregation, EventCodec codec) {
		this.aggregation = aggregation;
		this.codec = codec;
	}

	/**
	 * Writes it.
	 * @param window id of the window
	 * @throws dev.events.InvalidEventException when it cannot be written, or is larger
	 * than data of events may be
	 */
	Sealed write(UUID window, A gathered) {
		Event<A> event = Event.of(this.aggregation.subscription(), gathered)
			.withId(window)
			.withVersion(VERSION)
			.withSource(SOURCE)
			.withTimestamp(Instant.EPOCH);
		EventRecord record = this.codec.seal(this.codec.encode(event));
		return new Sealed(record.data(), record.metadata());
	}

	/** Whether nobody may publish such a result, because of whom it is about. */
	boolean isForgotten(Event<?> result) {
		try {
			this.codec.seal(this.codec.encode(result));
			return false;
		}
		catch (SubjectErasedException ex) {
			return true;
		}
	}

	/**
	 * Reads what was just written, to see whether that can be done: what a class does not
	 * say how to read would be lost without anybody noticing.
	 * @throws IllegalStateException when something is missing
	 */
	void requireReadable(UUID window, A gathered, Sealed sealed) {
		String type = this.aggregation.subscription();
		String written = this.codec.write(type, gathered).json();
		String again = this.codec.write(type, read(window, sealed)).json();
		// the length, for the elements of a set may come in another order
		if (written.length() != again.length()) {
			throw new IllegalStateException("What aggregation '" + this.aggregation.name() + "' gathers, a "
					+ this.aggregation.gatheredType().getName() + ", is not the same when it was written as JSON and "
					+ "read again. Make it a record, or give it a constructor or setters that Jackson can use");
		}
	}

	JsonNode tree(Sealed sealed) {
		return this.codec.tree(sealed.json);
	}

	/**
	 * Reads it.
	 * @throws dev.events.InvalidEventException when it does not fit the class
	 * @throws dev.events.SubjectErasedException when nobody can read it any more
	 */
	A read(UUID window, Sealed sealed) {
		EventRecord record = new EventRecord(window, this.aggregation.subscription(), VERSION, SOURCE, null, null, null,
				window.toString(), null, Instant.EPOCH, sealed.json, sealed.metadata);
		return this.aggregation.gatheredType().cast(this.codec.decode(record, this.aggregation.gatheredType()).data());
	}

	/**
	 * Written, and perhaps encrypted.
	 */
	record Sealed(String json, Map<String, String> metadata) {

		boolean fits(int maxBytes) {
			// no character takes more than three bytes for each char
			return this.json.length() <= maxBytes / 3 || this.json.getBytes(StandardCharsets.UTF_8).length <= maxBytes;
		}

	}

}
