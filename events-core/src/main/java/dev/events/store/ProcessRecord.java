package dev.events.store;

import java.time.Instant;

/**
 * A process as it is stored.
 *
 * @param process name of its kind
 * @param key which one of its kind
 * @param version changes with every commit, is greater than 0 and never the same twice;
 * it says nothing else
 * @param state what it keeps
 * @param createdAt when it was created, by the store's clock
 * @param changedAt when it was last changed, by the store's clock
 */
public record ProcessRecord(String process, String key, long version, ProcessState state, Instant createdAt,
		Instant changedAt) {

}
