package dev.events.correlation;

import java.util.concurrent.Callable;

import dev.events.Event;
import org.jspecify.annotations.Nullable;

/**
 * The event that the calling thread is handling.
 */
public final class CurrentEvent {

	private static final ThreadLocal<@Nullable Event<?>> CURRENT = new ThreadLocal<>();

	private CurrentEvent() {
	}

	/** The event being handled, or {@code null}. */
	public static @Nullable Event<?> get() {
		return CURRENT.get();
	}

	/** Runs an action as part of the handling of an event. */
	public static <R extends @Nullable Object> R call(Event<?> event, Callable<R> action) throws Exception {
		Event<?> outer = CURRENT.get();
		CURRENT.set(event);
		try {
			return action.call();
		}
		finally {
			if (outer != null) {
				CURRENT.set(outer);
			}
			else {
				CURRENT.remove();
			}
		}
	}

	/**
	 * The event linked to the one being handled, if there is one: with its correlation id
	 * and its id as the cause, where these are not set yet. Otherwise it begins a chain
	 * of its own.
	 */
	public static <T> Event<T> correlate(Event<T> event) {
		Event<?> cause = CURRENT.get();
		Event<T> result = event;
		if (cause != null && result.causationId() == null) {
			result = result.withCausationId(cause.id().toString());
		}
		if (result.correlationId() == null) {
			String correlationId = (cause != null) ? cause.correlationId() : null;
			result = result.withCorrelationId((correlationId != null) ? correlationId : result.id().toString());
		}
		return result;
	}

}
