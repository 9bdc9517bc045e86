package dev.events.subscriber;

import org.jspecify.annotations.Nullable;

/**
 * Translates what a subscriber method returns into what an
 * {@link dev.events.EventFunction} may return, for example a reactive type into a
 * {@link java.util.concurrent.CompletionStage}. Must be thread-safe.
 */
@FunctionalInterface
public interface AnswerAdapter {

	/** Leaves every answer as it is. */
	AnswerAdapter NONE = (answer) -> answer;

	/**
	 * Translates an answer.
	 * @param answer what the method returned
	 * @return what the bus understands; the same object when there is nothing to do
	 */
	@Nullable Object adapt(@Nullable Object answer);

}
