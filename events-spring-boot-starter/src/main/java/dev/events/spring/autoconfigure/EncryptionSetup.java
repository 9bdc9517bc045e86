package dev.events.spring.autoconfigure;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;

import dev.events.EventPattern;
import dev.events.InvalidEventException;
import dev.events.encryption.EncryptionRule;
import dev.events.encryption.EncryptionSettings;
import dev.events.encryption.EventKey;
import dev.events.encryption.EventKeyProvider;
import org.jspecify.annotations.Nullable;

import org.springframework.util.StringUtils;

/**
 * Turns the properties {@code events.encryption.*}, or the application's own source of
 * keys, into settings of the core. Messages never show keys.
 */
final class EncryptionSetup {

	private static final String PREFIX = "events.encryption";

	private static final String MAKE_A_KEY = "Set " + PREFIX
			+ ".keys.<id> to 32 random bytes in Base64, for example the " + "output of 'openssl rand -base64 32', and "
			+ PREFIX + ".active-key to that id; or define a bean of type " + "EventKeyProvider.";

	private final EventsProperties.Encryption properties;

	EncryptionSetup(EventsProperties.Encryption properties) {
		this.properties = properties;
	}

	EncryptionSettings settings(@Nullable EventKeyProvider provider) {
		List<EncryptionRule> rules = rules();
		EventKeyProvider keys = (provider != null) ? alone(provider) : keys();
		if (keys == null && !rules.isEmpty()) {
			throw new EventsSetupException(
					"The properties " + PREFIX + ".types say what is to be encrypted, but there is no key.", MAKE_A_KEY,
					null);
		}
		Duration cache = this.properties.subjectKeyCache();
		try {
			return new EncryptionSettings(keys, rules, cache, this.properties.acceptPlain());
		}
		catch (IllegalArgumentException ex) {
			throw new EventsSetupException(
					"The property " + PREFIX + ".subject-key-cache is " + cache + ", which is not valid.",
					"Write a time from 0s to 1m, or leave it out.", ex);
		}
	}

	private EventKeyProvider alone(EventKeyProvider provider) {
		if (!this.properties.keys().isEmpty() || StringUtils.hasText(this.properties.activeKey())) {
			throw new EventsSetupException("There are keys in " + PREFIX + ", and a bean of type EventKeyProvider.",
					"Remove " + PREFIX + ".keys and " + PREFIX + ".active-key, or the bean; keys that are still needed "
							+ "to read old events must be found in the place that stays.",
					null);
		}
		return provider;
	}

	private @Nullable EventKeyProvider keys() {
		String active = this.properties.activeKey();
		if (this.properties.keys().isEmpty() && !StringUtils.hasText(active)) {
			return null;
		}
		List<EventKey> keys = new ArrayList<>();
		this.properties.keys().forEach((id, value) -> keys.add(key(id, value)));
		List<String> ids = keys.stream().map(EventKey::id).toList();
		if (!StringUtils.hasText(active)) {
			throw new EventsSetupException(
					"There are keys in " + PREFIX + ".keys, but " + PREFIX
							+ ".active-key does not say which of them to encrypt with.",
					"Set " + PREFIX + ".active-key to one of " + ids + ".", null);
		}
		if (!ids.contains(active)) {
			throw new EventsSetupException(
					"The property " + PREFIX + ".active-key is '" + active + "', but there is no key with that id in "
							+ PREFIX + ".keys.",
					ids.isEmpty() ? MAKE_A_KEY : "Set it to one of " + ids + ", or add the key.", null);
		}
		return EventKeyProvider.of(keys, active);
	}

	private static EventKey key(String id, String value) {
		String property = PREFIX + ".keys." + id;
		byte[] bytes;
		try {
			bytes = Base64.getDecoder().decode(value.strip());
		}
		catch (IllegalArgumentException ex) {
			// the cause quotes a part of it
			throw new EventsSetupException("The property " + property + " is not Base64.", MAKE_A_KEY, null);
		}
		try {
			return new EventKey(id, bytes);
		}
		catch (IllegalArgumentException ex) {
			throw new EventsSetupException("The property " + property + " is not valid. " + ex.getMessage() + ".",
					MAKE_A_KEY, ex);
		}
	}

	private List<EncryptionRule> rules() {
		List<EncryptionRule> rules = new ArrayList<>();
		for (Map.Entry<String, EventsProperties.EncryptedType> entry : this.properties.types().entrySet()) {
			EventsProperties.EncryptedType type = entry.getValue();
			if (type.enabled()) {
				rules.add(rule(entry.getKey(), type));
			}
		}
		return rules;
	}

	private static EncryptionRule rule(String pattern, EventsProperties.EncryptedType type) {
		try {
			return new EncryptionRule(EventPattern.of(pattern), type.fields(), type.subject());
		}
		catch (InvalidEventException | IllegalArgumentException ex) {
			throw new EventsSetupException(
					"The property " + PREFIX + ".types[" + pattern + "] is not valid. " + ex.getMessage() + ".",
					"Write an event type or pattern in the brackets, and JSON pointers as fields and subject, for "
							+ "example " + PREFIX + ".types[user.*].fields=/email,/address/street",
					ex);
		}
	}

}
