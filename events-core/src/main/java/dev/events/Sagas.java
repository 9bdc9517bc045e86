package dev.events;

import java.util.List;
import java.util.Optional;
import java.util.UUID;

import org.jspecify.annotations.Nullable;

/**
 * The sagas: their definitions on this node, and those that the store knows, whichever
 * nodes they run on. Thread-safe.
 *
 * <pre>{@code
 * events.sagas().register(orderSaga);
 * events.sagas().list("order", SagaInfo.Status.FAILED, 20, null).sagas().forEach(saga -> log.warn("{}", saga));
 * events.sagas().retry("order", "4711");
 * events.sagas().compensate("order", "4712", "the customer has called");
 * }</pre>
 */
public interface Sagas {

	/**
	 * Runs sagas by a definition on this node, until the subscription is closed. Their
	 * events come through the durable subscription {@link Saga#subscription()}.
	 * @throws InvalidSubscriptionException when there is a definition of that name on
	 * this node already
	 */
	Subscription register(Saga<?> saga);

	/** What there is of each kind, by name; also of those without a definition here. */
	List<SagaStats> stats();

	/**
	 * One page of the sagas of a definition.
	 * @param saga name of the definition
	 * @param status only those with this status, or {@code null} for all
	 * @param size at most so many, 1 to 1,000
	 * @param after {@link Page#next()} of the page before, or {@code null} for the first
	 */
	Page list(String saga, SagaInfo.@Nullable Status status, int size, @Nullable String after);

	/** One saga. */
	Optional<SagaInfo> find(String saga, String key);

	/**
	 * Makes the next attempt at once at all that has {@linkplain SagaInfo#failures()
	 * failed}: at the steps whose events have become dead letters, in the order of the
	 * log as far as they come through the same partition, and at the timeout. A failure
	 * of an event that is no dead letter, because that was discarded or it is still tried
	 * again by itself, is forgotten; when none is left the saga is
	 * {@link SagaInfo.Status#RUNNING} again. The nodes that have the definition do it.
	 * @return whether there was such a saga, it had {@linkplain SagaInfo.Status#FAILED
	 * failed}, and nothing else was faster
	 */
	boolean retry(String saga, String key);

	/**
	 * As {@link #retry(String, String)}, but only at the step of one event.
	 * @param event id of an event at which the saga has {@linkplain SagaInfo#failures()
	 * failed}
	 */
	boolean retry(String saga, String key, UUID event);

	/**
	 * Takes back what a saga that has not ended has done, as
	 * {@link SagaContext#compensate} does: all compensations in one step, the last one
	 * first, and it has ended. Events that come later, its dead letters among them, come
	 * too late.
	 * @param reason why, for people; shown with the saga
	 * @return whether it was done; not when there is no such saga, or it has ended
	 * @throws IllegalArgumentException when the reason is blank
	 * @throws IllegalStateException when this node does not have the definition
	 * @throws SubjectErasedException when nobody can read the state any more
	 * @throws EventException when it failed, and nothing was changed; the cause is what a
	 * compensation, or a synchronous subscriber to what it has published, has thrown
	 */
	boolean compensate(String saga, String key, String reason);

	/**
	 * A page of sagas.
	 *
	 * @param sagas the sagas
	 * @param next where the next page begins, or {@code null} after the last one
	 */
	record Page(List<SagaInfo> sagas, @Nullable String next) {

	}

}
