package dev.events.encryption;

import java.util.regex.Pattern;

/**
 * A master key: 256 bits and the id by which stored events refer to it. Immutable;
 * {@link #toString()} does not show the bits.
 */
public final class EventKey {

	/** Length of a key in bytes. */
	public static final int LENGTH = 32;

	private static final Pattern ID = Pattern.compile("[A-Za-z0-9._-]{1,100}");

	private final String id;

	private final byte[] bytes;

	/**
	 * Creates a key.
	 * @param id 1 to 100 letters, digits, dots, hyphens and underscores; stands in every
	 * event that is encrypted with the key, so it must never be used for another one
	 * @param bytes 32 random bytes; copied
	 * @throws IllegalArgumentException when either is not so; the message does not show
	 * the bytes
	 */
	public EventKey(String id, byte[] bytes) {
		if (!ID.matcher(id).matches()) {
			throw new IllegalArgumentException(
					"'" + id + "' cannot be the id of a key; write 1 to 100 letters, digits, '.', '-' and '_'");
		}
		if (bytes.length != LENGTH) {
			throw new IllegalArgumentException("Key '" + id + "' has " + bytes.length + " bytes; it must have " + LENGTH
					+ ", for example from: openssl rand -base64 32");
		}
		this.id = id;
		this.bytes = bytes.clone();
	}

	/** The id. */
	public String id() {
		return this.id;
	}

	byte[] bytes() {
		return this.bytes;
	}

	@Override
	public String toString() {
		return "EventKey[" + this.id + "]";
	}

}
