package dev.events.spring.subscriber;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;

import dev.events.InvalidSubscriptionException;
import dev.events.RetryPolicy;
import dev.events.Subscriber;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What the configuration says about subscribers, by their ids. An id that is not written
 * exactly as in the code is found by its letters and digits, because environment
 * variables have nothing else. Thread-safe.
 */
public final class SubscriberOverrides {

	private static final Logger logger = LoggerFactory.getLogger(SubscriberOverrides.class);

	private final Map<String, SubscriberOverride> overrides;

	private final RetryPolicy defaultRetry;

	// ids of subscribers that there have been
	private final Set<String> applied = ConcurrentHashMap.newKeySet();

	/**
	 * Creates overrides.
	 * @param overrides by id of the subscription
	 * @param defaultRetry policy of subscribers that have none of their own
	 */
	public SubscriberOverrides(Map<String, SubscriberOverride> overrides, RetryPolicy defaultRetry) {
		this.overrides = Map.copyOf(overrides);
		this.defaultRetry = defaultRetry;
	}

	/**
	 * Applies what is configured for a subscriber.
	 * @return the subscriber to register, or empty when it is switched off
	 * @throws InvalidSubscriptionException when the configuration is not valid
	 */
	public Optional<Subscriber<?>> apply(Subscriber<?> subscriber) {
		this.applied.add(uniform(String.valueOf(subscriber.id())));
		SubscriberOverride override = find(String.valueOf(subscriber.id()));
		if (override == null) {
			return Optional.of(subscriber);
		}
		if (!override.enabled()) {
			logger.info("Subscriber {} is switched off by configuration", subscriber.id());
			return Optional.empty();
		}
		try {
			return Optional.of(override(subscriber, override));
		}
		catch (InvalidSubscriptionException | IllegalArgumentException ex) {
			throw new InvalidSubscriptionException(
					"events.subscribers[" + subscriber.id() + "] is not valid: " + ex.getMessage(), ex);
		}
	}

	private <T> Subscriber<T> override(Subscriber<T> subscriber, SubscriberOverride override) {
		return subscriber.with((changed) -> {
			if (override.partitions() != null) {
				changed.partitions(override.partitions());
			}
			if (override.concurrency() != null) {
				changed.concurrency(override.concurrency());
			}
			if (override.transactional() != null) {
				changed.transactional(override.transactional());
			}
			if (override.timeout() != null) {
				changed.timeout(override.timeout());
			}
			overrideBatch(subscriber, override, changed);
			if (override.maxAttempts() != null) {
				changed.maxAttempts(override.maxAttempts());
			}
			if (override.changesDelays()) {
				RetryPolicy own = subscriber.retry();
				changed.retry(override.retry((own != null) ? own : this.defaultRetry));
			}
		});
	}

	private static void overrideBatch(Subscriber<?> subscriber, SubscriberOverride override,
			Subscriber.Builder<?> changed) {
		if (subscriber.batchHandler() == null && (override.batchSize() != null || override.batchWait() != null)) {
			throw new InvalidSubscriptionException(
					"it takes one event at a time; leave out batch-size and batch-wait, or let it take a list");
		}
		if (override.batchSize() != null) {
			changed.batch(override.batchSize());
		}
		if (override.batchWait() != null) {
			changed.batchWait(override.batchWait());
		}
	}

	private @Nullable SubscriberOverride find(String id) {
		SubscriberOverride exact = this.overrides.get(id);
		if (exact != null) {
			return exact;
		}
		return this.overrides.entrySet()
			.stream()
			.filter((entry) -> uniform(entry.getKey()).equals(uniform(id)))
			.map(Map.Entry::getValue)
			.findFirst()
			.orElse(null);
	}

	/** Warns, once, of what is configured for subscribers that do not exist so far. */
	void warnOfUnknown(Collection<String> knownIds) {
		Map<String, String> unknown = new TreeMap<>();
		this.overrides.keySet().forEach((id) -> unknown.put(uniform(id), id));
		this.applied.forEach(unknown::remove);
		if (!unknown.isEmpty()) {
			List<String> known = new ArrayList<>(knownIds);
			known.sort(null);
			logger.warn(
					"events.subscribers configures {}, but there are only these annotated subscribers: {}. It "
							+ "will apply to subscribers with these ids that the application registers itself",
					unknown.values(), known);
		}
	}

	private static String uniform(String id) {
		StringBuilder uniform = new StringBuilder(id.length());
		id.chars()
			.filter(Character::isLetterOrDigit)
			.map(Character::toLowerCase)
			.forEach((character) -> uniform.append((char) character));
		return uniform.toString();
	}

}
