package dev.events;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/**
 * Publishes an event and waits for answers to it. Immutable: {@link #as} and
 * {@link #within} return a new one; what then sends it is called once. Thread-safe.
 *
 * <pre>{@code
 * PriceQuoted price = events.request(new PriceAsked("book"), PriceQuoted.class, Duration.ofSeconds(2)).join().data();
 *
 * List<Event<Offer>> offers = events.request(new OffersWanted("book"))
 *     .as(Offer.class).within(Duration.ofSeconds(1)).all(3).join();
 * }</pre>
 *
 * The request is an event like any other: stored, delivered at least once to everybody
 * who subscribes to its type, tried again when a handler fails. An answer is an event
 * that a handler of the request returns (see {@link EventFunction}), on whichever node;
 * it is stored and delivered as any returned event, and carries in its metadata who waits
 * for it. What is returned when a stored request is replayed is no answer.
 * <p>
 * Answers come through the log, so a request is sent at once and not as part of a
 * transaction: inside one it is refused. A handler that waits for an answer keeps the
 * partition that it handles waiting, too; that of the answering subscriber must be
 * another one.
 * <p>
 * The future fails with a {@link RequestTimeoutException} when there is no answer in
 * time, and with a {@link RequestFailedException} when it is known earlier that there
 * will be none: nobody stored the request, everybody who could have answered has given it
 * up as a dead letter, or this node stops. An answer that comes after that is counted
 * ({@link EventStats#requests()}) and otherwise an event like any other. What is attached
 * to the future runs in a thread of its own; cancelling the future ends the waiting, not
 * the request.
 *
 * @param <A> type of the answers' data
 */
public interface EventRequest<A> {

	/** Longest time to wait for answers. */
	Duration MAX_TIMEOUT = Duration.ofHours(1);

	/** Most answers that one request can wait for. */
	int MAX_ANSWERS = 1000;

	/**
	 * Reads the data of answers as this class. If the class carries {@link EventType},
	 * only events of that type are answers to the request; otherwise all that handlers
	 * return are.
	 */
	<B> EventRequest<B> as(Class<B> answerType);

	/**
	 * Waits so long for answers, from the moment the request is sent; by default as long
	 * as the bus is configured to.
	 * @throws IllegalArgumentException when it is not greater than 0, or longer than
	 * {@link #MAX_TIMEOUT}
	 */
	EventRequest<A> within(Duration timeout);

	/**
	 * Sends the request and waits for one answer, the first one. When the future is
	 * there, the request is in the log.
	 * @return completes with the answer, or exceptionally as said above
	 * @throws EventException as {@link EventPublisher#publish} does; nothing waits then
	 * @throws IllegalStateException inside a transaction, and when this node delivers
	 * nothing
	 */
	CompletableFuture<Event<A>> first();

	/**
	 * Sends the request and waits for a number of answers: one for each responder, or as
	 * many as it returns. A responder that handles the request twice, say after a crash,
	 * counts once.
	 * @param expected how many, 1 to {@link #MAX_ANSWERS}
	 * @return completes with so many answers, or, when the time is over, with those that
	 * have come, which may be none; exceptionally only when the request was not stored,
	 * an answer cannot be read, or this node stops
	 * @throws EventException as {@link EventPublisher#publish} does; nothing waits then
	 * @throws IllegalStateException as {@link #first()} does
	 */
	CompletableFuture<List<Event<A>>> all(int expected);

	/**
	 * As {@link #all(int)}, for all answers that come in time; at {@link #MAX_ANSWERS}
	 * answers the time is over.
	 */
	default CompletableFuture<List<Event<A>>> all() {
		return all(MAX_ANSWERS);
	}

}
