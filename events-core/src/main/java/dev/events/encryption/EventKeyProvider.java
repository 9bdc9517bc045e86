package dev.events.encryption;

import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Where master keys come from: the properties, or, as a bean of the application, a vault
 * or a key management service. Must be thread-safe. Answers are kept for half a minute,
 * so it is not asked for every event; it may be asked by several threads for the same
 * key, also in transactions of the application.
 * <p>
 * To rotate, first let {@link #find} know the new key on every node, then let
 * {@link #current} give it. A key must be found as long as there are events, or keys of
 * data subjects, that were encrypted with it.
 *
 * <pre>{@code
 * &#64;Bean
 * EventKeyProvider eventKeys(Vault vault) {
 *     return new EventKeyProvider() {
 *         public EventKey current(KeyPurpose purpose) { return vault.newestKey("events"); }
 *         public Optional<EventKey> find(String id) { return vault.key("events", id); }
 *     };
 * }
 * }</pre>
 */
public interface EventKeyProvider {

	/**
	 * The key to encrypt with from now on.
	 * @param purpose what it is for; a simple provider has one key for everything
	 * @throws RuntimeException when it cannot be had now; the publisher gets an
	 * {@link dev.events.EventKeyException}
	 */
	EventKey current(KeyPurpose purpose);

	/**
	 * A key that was {@linkplain #current current} once.
	 * @param id its id
	 * @return the key, or empty when there is none with that id; events that need it
	 * become dead letters at once
	 * @throws RuntimeException when it cannot be had now; the delivery is tried again
	 */
	Optional<EventKey> find(String id);

	/**
	 * A fixed set of keys.
	 * @param keys the keys, each with an id of its own
	 * @param currentId id of the one to encrypt with
	 * @throws IllegalArgumentException when the current one is not among them, or an id
	 * occurs twice
	 */
	static EventKeyProvider of(Collection<EventKey> keys, String currentId) {
		Map<String, EventKey> byId = new LinkedHashMap<>();
		for (EventKey key : keys) {
			if (byId.put(key.id(), key) != null) {
				throw new IllegalArgumentException("There are two keys with the id '" + key.id() + "'");
			}
		}
		EventKey current = byId.get(currentId);
		if (current == null) {
			throw new IllegalArgumentException(
					"There is no key '" + currentId + "', which is to be the active one; known are " + byId.keySet());
		}
		return new EventKeyProvider() {

			@Override
			public EventKey current(KeyPurpose purpose) {
				return current;
			}

			@Override
			public Optional<EventKey> find(String id) {
				return Optional.ofNullable(byId.get(id));
			}

		};
	}

}
