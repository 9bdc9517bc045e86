package dev.events;

import java.time.Instant;
import java.util.UUID;

import org.jspecify.annotations.Nullable;

/**
 * A delivery that was given up.
 *
 * @param id unique id
 * @param subscription id of the subscription
 * @param event the event, its data as the stored JSON text, which is the edited one if it
 * was edited, and cipher text if it is encrypted
 * @param attempts how many attempts were made
 * @param firstFailedAt when the first attempt failed
 * @param lastFailedAt when the last attempt failed
 * @param errorType class name of the last error
 * @param errorMessage its message, or {@code null}, also of most errors at encrypted
 * events, for it may quote their data
 * @param errorStack its stack trace, trimmed
 * @param holding whether later events of the same key wait for it
 * @param replay whether it was delivered by a replay
 */
public record DeadLetter(UUID id, String subscription, Event<String> event, int attempts, Instant firstFailedAt,
		Instant lastFailedAt, String errorType, @Nullable String errorMessage, String errorStack, boolean holding,
		boolean replay) {

}
