package dev.events;

/**
 * The first step of a {@link Saga}.
 *
 * @param <S> class of the state
 * @param <T> class of the event's data
 */
@FunctionalInterface
public interface SagaStart<S, T> {

	/**
	 * Begins a saga. Must not have effects other than through the context, for it may be
	 * called again with the same event.
	 * @param event the event that starts it
	 * @param saga what the step can do
	 * @return the state of the new saga
	 * @throws Exception when it does not succeed; the event is tried again later
	 */
	S start(Event<T> event, SagaContext saga) throws Exception;

}
