package dev.events.correlation;

import java.util.concurrent.Callable;

import dev.events.Event;
import org.jspecify.annotations.Nullable;

/**
 * The event that the calling thread is handling.
 */
public final class CurrentEvent {

	// a place that stays with the thread: to set a thread local and to remove it again
	// costs more than many a handler.
	// An array of a class of the JDK, so that pooled threads keep no class loader of an
	// application alive
	private static final ThreadLocal<@Nullable Object[]> CURRENT = ThreadLocal.withInitial(() -> new Object[1]);

	private CurrentEvent() {
	}

	/** The event being handled, or {@code null}. */
	public static @Nullable Event<?> get() {
		return (Event<?>) CURRENT.get()[0];
	}

	/** Runs an action as part of the handling of an event. */
	public static <R extends @Nullable Object> R call(Event<?> event, Callable<R> action) throws Exception {
		@Nullable Object[] current = CURRENT.get();
		Object outer = current[0];
		current[0] = event;
		try {
			return action.call();
		}
		finally {
			current[0] = outer;
		}
	}

	/**
	 * The event linked to the one being handled, if there is one: with its correlation id
	 * and its id as the cause, where these are not set yet. Otherwise it begins a chain
	 * of its own.
	 */
	public static <T> Event<T> correlate(Event<T> event) {
		Event<?> cause = get();
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
