package dev.events;

import java.util.List;
import java.util.Optional;

import org.jspecify.annotations.Nullable;

/**
 * The sagas: their definitions on this node, and those that the store knows, whichever
 * nodes they run on. Thread-safe.
 *
 * <pre>{@code
 * events.sagas().register(orderSaga);
 * events.sagas().list("order", SagaInfo.Status.FAILED, 20, null).sagas().forEach(saga -> log.warn("{}", saga));
 * events.sagas().retry("order", "4711");
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
	 * Makes the next attempt at once: at the step whose event has become a dead letter,
	 * or at the timeout. When there is no such dead letter, because it was discarded or
	 * the event is still tried again by itself, the saga is
	 * {@link SagaInfo.Status#RUNNING} again. The nodes that have the definition do it.
	 * @return whether there was such a saga, it had {@linkplain SagaInfo.Status#FAILED
	 * failed}, and nothing else was faster
	 */
	boolean retry(String saga, String key);

	/**
	 * A page of sagas.
	 *
	 * @param sagas the sagas
	 * @param next where the next page begins, or {@code null} after the last one
	 */
	record Page(List<SagaInfo> sagas, @Nullable String next) {

	}

}
