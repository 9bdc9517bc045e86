package dev.events.store;

import java.util.List;

import org.jspecify.annotations.Nullable;

/**
 * A durable subscription as it is stored.
 *
 * @param id unique id
 * @param patterns event types or patterns (stored in one column, joined by commas)
 * @param subscriberType kind of subscriber, for example {@code method} or {@code handler}
 * @param config JSON object for the kind of subscriber
 * @param active whether events are delivered
 * @param organization organization it is limited to, or {@code null}
 * @param createdFrom who created it, for example {@code code}
 * @param partitions number of partitions
 */
public record SubscriptionRecord(String id, List<String> patterns, String subscriberType, String config, boolean active,
		@Nullable String organization, String createdFrom, int partitions) {

}
