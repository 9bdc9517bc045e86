package dev.events;

import org.jspecify.annotations.Nullable;

/**
 * What became of a published event.
 *
 * @param event the event as it was stored: stamped with source and correlation, changed
 * by interceptors
 * @param outcome what became of it
 * @param by who cancelled or dropped it: the id of a synchronous subscription or the
 * class of an interceptor; {@code null} otherwise
 * @param reason why it was cancelled, when a reason was given
 */
public record Publication(Event<?> event, Outcome outcome, @Nullable String by, @Nullable String reason) {

	/**
	 * Whether the event is, or with the end of the transaction will be, in the log. Not
	 * yet if it is {@linkplain #isScheduled() scheduled}.
	 */
	public boolean isStored() {
		return this.outcome == Outcome.STORED;
	}

	/**
	 * Whether the event waits, or with the end of the transaction will wait, for its
	 * time. The id of the {@link #event() event} serves to cancel it.
	 */
	public boolean isScheduled() {
		return this.outcome == Outcome.SCHEDULED;
	}

	/**
	 * Possible outcomes.
	 */
	public enum Outcome {

		/** Appended to the log. */
		STORED,

		/** Kept until it is due. */
		SCHEDULED,

		/**
		 * An event with the same id is in the log, or scheduled, already; nothing was
		 * stored. It may be this very event, when an answer about it was lost before.
		 */
		DUPLICATE,

		/** A synchronous subscriber cancelled it; nothing was stored. */
		CANCELLED,

		/** An interceptor dropped it; nothing was stored. */
		DROPPED

	}

}
