package dev.events;

/**
 * A step of a {@link Saga}.
 *
 * @param <S> class of the state
 * @param <T> class of the event's data
 */
@FunctionalInterface
public interface SagaHandler<S, T> {

	/**
	 * Makes a step. Must not have effects other than through the context, for it may be
	 * called again with the same event, also with another state when another event of the
	 * saga was faster.
	 * @param state the present state
	 * @param event the event
	 * @param saga what the step can do
	 * @return the new state; may be the same
	 * @throws Exception when it does not succeed; the event is tried again later
	 */
	S handle(S state, Event<T> event, SagaContext saga) throws Exception;

}
