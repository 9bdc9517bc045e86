package dev.events;

import java.time.Instant;
import java.util.List;
import java.util.UUID;

import org.jspecify.annotations.Nullable;

/**
 * A saga as it is stored.
 *
 * @param saga name of its definition
 * @param key which one of its kind
 * @param status what has become of it
 * @param correlationId correlation id of the event that has started it
 * @param completedSteps event types of the steps that are completed, in order
 * @param state its state as JSON text, as it is stored: what is encrypted is so here
 * @param handledEvents how many of its events are remembered as handled
 * @param reason why it was compensated, or {@code null}
 * @param failures why it is {@link Status#FAILED}: the newest failure of each event at
 * which it has failed and which it has not handled since, and of its timeout; the newest
 * one last, at most 100
 * @param startedAt when it was started, by the store's clock
 * @param changedAt when it was last changed, by the store's clock
 * @param dueAt when its time is over; when it has ended, when it is forgotten; or
 * {@code null} for never
 */
public record SagaInfo(String saga, String key, Status status, String correlationId, List<String> completedSteps,
		String state, int handledEvents, @Nullable String reason, List<Failure> failures, Instant startedAt,
		Instant changedAt, @Nullable Instant dueAt) {

	public SagaInfo {
		completedSteps = List.copyOf(completedSteps);
		failures = List.copyOf(failures);
	}

	/** The newest failure, or {@code null}. */
	public @Nullable Failure failure() {
		return this.failures.isEmpty() ? null : this.failures.get(this.failures.size() - 1);
	}

	/** What has become of a saga. */
	public enum Status {

		/** It waits for its next event. */
		RUNNING,

		/**
		 * A step, its timeout or a compensation has failed and changed nothing; it may be
		 * under way to its next attempt. Other events are handled as if it had not.
		 */
		FAILED,

		/** It has reached its end. */
		COMPLETED,

		/** It was taken back. */
		COMPENSATED;

		/** Whether it is over. */
		public boolean isFinal() {
			return this == COMPLETED || this == COMPENSATED;
		}

	}

	/**
	 * What has failed.
	 *
	 * @param eventId id of the event whose step has failed, or {@code null} when it was
	 * the timeout
	 * @param eventType type of that event
	 * @param error class of the exception
	 * @param message its message, shortened
	 * @param attempts how many attempts have failed so far
	 */
	public record Failure(@Nullable UUID eventId, @Nullable String eventType, String error, String message,
			int attempts) {

	}

}
