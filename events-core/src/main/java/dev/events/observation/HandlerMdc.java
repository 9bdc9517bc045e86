package dev.events.observation;

import dev.events.Event;
import org.jspecify.annotations.Nullable;
import org.slf4j.MDC;

/**
 * Lets every log line of a handler say for which event it is: sets MDC entries while it
 * is called, and restores those that were there before. Thread-safe.
 */
public final class HandlerMdc {

	/** Id of the subscription. */
	public static final String SUBSCRIPTION = "eventSubscription";

	/** Id of the event; not for batches. */
	public static final String ID = "eventId";

	/** Type of the event; not for batches. */
	public static final String TYPE = "eventType";

	/** Correlation id of the event; not for batches. */
	public static final String CORRELATION_ID = "eventCorrelationId";

	private static final Call UNTOUCHED = () -> {
	};

	private final boolean enabled;

	/**
	 * Creates one.
	 * @param enabled whether it does anything
	 */
	public HandlerMdc(boolean enabled) {
		this.enabled = enabled;
	}

	/**
	 * Sets the entries of the calling thread.
	 * @param event the event, or {@code null} for a batch
	 * @return what to end when the handler has returned, by the same thread
	 */
	public Call begin(String subscription, @Nullable Event<?> event) {
		if (!this.enabled) {
			return UNTOUCHED;
		}
		String outerSubscription = MDC.get(SUBSCRIPTION);
		String outerId = MDC.get(ID);
		String outerType = MDC.get(TYPE);
		String outerCorrelation = MDC.get(CORRELATION_ID);
		set(SUBSCRIPTION, subscription);
		set(ID, (event != null) ? event.id().toString() : null);
		set(TYPE, (event != null) ? event.type() : null);
		set(CORRELATION_ID, (event != null) ? event.correlationId() : null);
		return () -> {
			set(SUBSCRIPTION, outerSubscription);
			set(ID, outerId);
			set(TYPE, outerType);
			set(CORRELATION_ID, outerCorrelation);
		};
	}

	private static void set(String name, @Nullable String value) {
		if (value != null) {
			MDC.put(name, value);
		}
		else {
			MDC.remove(name);
		}
	}

	/**
	 * A call of a handler.
	 */
	@FunctionalInterface
	public interface Call {

		/** Restores the entries that were there before. */
		void end();

	}

}
