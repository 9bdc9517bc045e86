package dev.events.redis;

import java.util.List;
import java.util.concurrent.ThreadLocalRandom;

import dev.events.EventStoreException;
import dev.events.store.EventRecord;

/**
 * Events that are appended as one unit, as they are sent.
 *
 * @param token tells a repetition of this append from another one with the same events
 * @param events the packed events
 * @param bytes how large they are together
 */
record PackedAppend(byte[] token, byte[][] events, long bytes) {

	private static final int TOKEN_LENGTH = 4;

	// what one script may take, so that it does not hold up the server for seconds
	private static final int MAX_EVENTS = 200_000;

	private static final long MAX_BYTES = 256L << 20;

	/**
	 * Packs events.
	 * @throws EventStoreException when they are too many or too large
	 */
	static PackedAppend of(List<EventRecord> events) {
		byte[][] packed = new byte[events.size()][];
		long bytes = 0;
		for (int i = 0; i < packed.length; i++) {
			packed[i] = PackedEvents.pack(events.get(i));
			bytes += packed[i].length;
		}
		if (packed.length > MAX_EVENTS || bytes > MAX_BYTES) {
			throw new EventStoreException("Could not store events: " + packed.length + " events of " + (bytes >> 20)
					+ " MB are too many at once for Redis. At most " + MAX_EVENTS + " events of together "
					+ (MAX_BYTES >> 20) + " MB can be stored as one unit", null);
		}
		byte[] token = new byte[TOKEN_LENGTH];
		ThreadLocalRandom.current().nextBytes(token);
		return new PackedAppend(token, packed, bytes);
	}

	int size() {
		return this.events.length;
	}

}
