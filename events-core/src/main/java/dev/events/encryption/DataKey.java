package dev.events.encryption;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.UUID;

/**
 * A key for data, of a data subject or a master key. Each event is encrypted with a key
 * of its own that is made of it, so that however many events there are, no two random
 * nonces meet under one key.
 *
 * @param id how events refer to it
 * @param bytes the key
 */
record DataKey(String id, byte[] bytes) {

	private static final byte[] USE = "dev.events data 1".getBytes(StandardCharsets.US_ASCII);

	/** The key of one event. */
	byte[] of(UUID event) {
		byte[] salt = ByteBuffer.allocate(16)
			.putLong(event.getMostSignificantBits())
			.putLong(event.getLeastSignificantBits())
			.array();
		return Hkdf.derive(this.bytes, salt, USE, EventKey.LENGTH);
	}

	@Override
	public String toString() {
		return "DataKey[" + this.id + "]";
	}

}
