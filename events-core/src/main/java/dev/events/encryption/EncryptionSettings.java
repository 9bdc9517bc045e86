package dev.events.encryption;

import java.time.Duration;
import java.util.List;

import org.jspecify.annotations.Nullable;

/**
 * How event data is encrypted.
 *
 * @param keys where master keys come from, or {@code null} when there are none; then an
 * event that is to be encrypted cannot be published
 * @param rules what is encrypted, beside what classes say with
 * {@link dev.events.Encrypted}
 * @param subjectKeyCache how long a node may use the key of a data subject before it
 * looks again whether the subject was forgotten
 * @param acceptPlain whether an event that is stored in plain text is read although it is
 * to be encrypted, as those are that were stored before that was so
 */
public record EncryptionSettings(@Nullable EventKeyProvider keys, List<EncryptionRule> rules, Duration subjectKeyCache,
		boolean acceptPlain) {

	/** No keys, no rules. */
	public static final EncryptionSettings NONE = new EncryptionSettings(null, List.of(), Duration.ofSeconds(5), true);

	/** Settings with which plain events are read, too. */
	public EncryptionSettings(@Nullable EventKeyProvider keys, List<EncryptionRule> rules, Duration subjectKeyCache) {
		this(keys, rules, subjectKeyCache, true);
	}

	/**
	 * Creates settings.
	 * @throws IllegalArgumentException when there are rules but no keys, or the time is
	 * not from 0 to 1 minute
	 */
	public EncryptionSettings {
		rules = List.copyOf(rules);
		if (!rules.isEmpty() && keys == null) {
			throw new IllegalArgumentException("types are to be encrypted, but there is no key");
		}
		if (subjectKeyCache.isNegative() || subjectKeyCache.compareTo(Duration.ofMinutes(1)) > 0) {
			throw new IllegalArgumentException("subject-key-cache must be from 0 to 1 minute");
		}
	}

}
