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

	/** Whether the event is, or with the end of the transaction will be, stored. */
	public boolean isStored() {
		return this.outcome == Outcome.STORED;
	}

	/**
	 * Possible outcomes.
	 */
	public enum Outcome {

		/** Appended to the log. */
		STORED,

		/** The log has an event with the same id already; nothing was stored. */
		DUPLICATE,

		/** A synchronous subscriber cancelled it; nothing was stored. */
		CANCELLED,

		/** An interceptor dropped it; nothing was stored. */
		DROPPED

	}

}
