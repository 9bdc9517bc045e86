package dev.events.encryption;

import java.time.Duration;
import java.util.Optional;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

import dev.events.EventKeyException;

/**
 * The keys of a provider, which is not asked every time. Thread-safe.
 */
final class MasterKeys {

	private static final Duration MAX_AGE = Duration.ofSeconds(30);

	private static final int MAX_KEYS = 1000;

	private final EventKeyProvider provider;

	private final ExpiringCache<KeyPurpose, EventKey> current;

	private final ExpiringCache<String, Optional<EventKey>> byId;

	MasterKeys(EventKeyProvider provider, LongSupplier nanoTime) {
		this.provider = provider;
		this.current = new ExpiringCache<>(MAX_AGE, MAX_KEYS, nanoTime);
		this.byId = new ExpiringCache<>(MAX_AGE, MAX_KEYS, nanoTime);
	}

	/**
	 * The key to encrypt with.
	 * @throws EventKeyException when the provider fails
	 */
	EventKey current(KeyPurpose purpose) {
		return cached(this.current, purpose, () -> this.provider.current(purpose),
				"the key to encrypt " + purpose.use() + " with");
	}

	/**
	 * A key by its id, if there is one.
	 * @throws EventKeyException when the provider fails
	 */
	Optional<EventKey> find(String id) {
		return cached(this.byId, id, () -> this.provider.find(id), "the key '" + id + "'")
			.filter((key) -> key.id().equals(id));
	}

	@SuppressWarnings("ConstantValue") // providers are written by others
	private static <K, V> V cached(ExpiringCache<K, V> cache, K name, Supplier<V> source, String what) {
		V cached = cache.get(name);
		if (cached != null) {
			return cached;
		}
		ExpiringCache.Ticket ticket = cache.ticket();
		V value;
		try {
			value = source.get();
		}
		catch (RuntimeException ex) {
			throw new EventKeyException(
					"The EventKeyProvider could not give " + what + ": " + ex.getClass().getSimpleName(), ex);
		}
		if (value == null) {
			throw new EventKeyException("The EventKeyProvider gave null for " + what, null);
		}
		cache.put(ticket, name, value);
		return value;
	}

}
