package dev.events.encryption;

import org.jspecify.annotations.Nullable;

/**
 * What a key is asked for.
 *
 * @param use what it will encrypt
 * @param organization organization of the event, or {@code null} when it has none, and
 * for keys of data subjects; a provider may have a key for each
 */
public record KeyPurpose(Use use, @Nullable String organization) {

	/**
	 * What a key encrypts.
	 */
	public enum Use {

		/** Data of events that have no data subject. */
		DATA,

		/** Keys of data subjects. */
		SUBJECT_KEYS

	}

}
