package dev.events;

import java.util.concurrent.CompletionStage;

import org.jspecify.annotations.Nullable;

/**
 * Handles events and may answer with further ones.
 *
 * @param <T> type of the data
 */
@FunctionalInterface
public interface EventFunction<T> {

	/**
	 * Handles one event.
	 * @param event the event
	 * @param delivery how it comes here
	 * @return {@code null}, or what to publish next, correlated with the event handled:
	 * an {@link Event}, an object whose class carries {@link EventType}, a collection,
	 * array or {@link java.util.Optional} of these, or a {@link CompletionStage} of any
	 * of them (the delivery is done when it completes). An answer of another kind is
	 * ignored.
	 * @throws Exception when it did not succeed
	 */
	@Nullable Object handle(Event<T> event, Delivery delivery) throws Exception;

	/**
	 * Whether it ever answers. Of one that does not, nobody who has sent a request
	 * expects an answer.
	 */
	default boolean answers() {
		return true;
	}

	/** A function that does the same, and of which it is known that it never answers. */
	static <T> EventFunction<T> answeringNothing(EventFunction<T> function) {
		return new EventFunction<>() {

			@Override
			public @Nullable Object handle(Event<T> event, Delivery delivery) throws Exception {
				return function.handle(event, delivery);
			}

			@Override
			public boolean answers() {
				return false;
			}

		};
	}

}
