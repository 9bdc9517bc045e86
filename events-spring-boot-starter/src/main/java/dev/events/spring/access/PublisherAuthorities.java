package dev.events.spring.access;

import java.util.Set;

/**
 * Tells the authorities of whoever publishes, for rules of {@code events.access.publish}.
 * With Spring Security these are those of the current authentication; as a bean an
 * application can tell them otherwise. Must be thread-safe.
 */
@FunctionalInterface
public interface PublisherAuthorities {

	/** Names of the authorities that the calling thread has; empty for none. */
	Set<String> current();

}
