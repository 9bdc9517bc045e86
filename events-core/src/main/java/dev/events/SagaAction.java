package dev.events;

/**
 * What a {@link Saga} does when its time is over, or to take back a step.
 *
 * @param <S> class of the state
 */
@FunctionalInterface
public interface SagaAction<S> {

	/**
	 * Does it. Must not have effects other than through the context, for it may be called
	 * again.
	 * @param state the present state
	 * @param saga what it can do
	 * @return the new state; may be the same
	 * @throws Exception when it does not succeed; it is tried again later
	 */
	S run(S state, SagaContext saga) throws Exception;

}
