package dev.events.torture.check;

import java.util.UUID;

/**
 * One call of a handler.
 *
 * @param worker name of the JVM
 * @param subscriber id of the subscription
 * @param event id of the event
 * @param key the key in the event's data
 * @param seq the number in the event's data
 * @param attempt which attempt the engine said it was, 0 when it does not say
 * @param replay whether the engine said it was part of a replay
 * @param start when it began, by {@link System#nanoTime()}
 * @param end when it ended; of an unfinished one when its JVM was dead
 * @param outcome how it ended
 */
public record Call(String worker, String subscriber, UUID event, String key, long seq, int attempt, boolean replay,
		long start, long end, Outcome outcome) {

	/** A call that was not part of a replay. */
	public Call(String worker, String subscriber, UUID event, String key, long seq, int attempt, long start, long end,
			Outcome outcome) {
		this(worker, subscriber, event, key, seq, attempt, false, start, end, outcome);
	}

	boolean isSuccess() {
		return this.outcome == Outcome.OK;
	}

	/** Short, because there may be many of them. */
	@Override
	public String toString() {
		return "%s %s%s %s#%d attempt %d %.3f-%.3f %s (%s)".formatted(this.worker, this.replay ? "replayed to " : "",
				this.subscriber, this.key, this.seq, this.attempt, this.start / 1e9, this.end / 1e9, this.outcome,
				this.event);
	}

	/**
	 * How a call ended.
	 */
	public enum Outcome {

		/** The handler returned. */
		OK,

		/** The handler threw. */
		FAILED,

		/** The handler was interrupted: at shutdown, or at the end of its time. */
		INTERRUPTED,

		/** The JVM died in the middle. */
		UNFINISHED

	}

}
