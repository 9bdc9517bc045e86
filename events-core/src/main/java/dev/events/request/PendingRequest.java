package dev.events.request;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.Future;
import java.util.function.BiConsumer;
import java.util.function.Function;

import dev.events.Event;
import dev.events.EventRequest;
import dev.events.EventTypeDescriptor;
import dev.events.RequestFailedException;
import dev.events.RequestTimeoutException;
import dev.events.codec.EventCodec;
import dev.events.store.EventRecord;
import org.jspecify.annotations.Nullable;

/**
 * A request that waits for answers. Thread-safe, with one thread that brings answers.
 * <p>
 * Invariants: it ends exactly once, and the end is known before the future is completed;
 * the future is completed in a thread of the executor, never in one of ours, for what is
 * attached to it may wait for other requests.
 *
 * @param <A> type of the answers' data
 * @param <R> what the future gives
 */
final class PendingRequest<A, R> {

	private final String ticket;

	private final Event<?> request;

	private final Asked<A, R> asked;

	private final Responders.Known known;

	private final Executor executor;

	private final BiConsumer<PendingRequest<?, ?>, End> onEnd;

	private final CompletableFuture<R> future = new CompletableFuture<>();

	// all below are guarded by this
	private final List<Event<A>> answers = new ArrayList<>();

	private final Set<String> responders = new HashSet<>();

	private final Map<String, String> givenUp = new TreeMap<>();

	private @Nullable Future<?> alarm;

	private boolean ended;

	/**
	 * Creates one.
	 * @param executor completes the future
	 * @param onEnd told once when nothing is waited for any more
	 */
	PendingRequest(String ticket, Event<?> request, Asked<A, R> asked, Responders.Known known, Executor executor,
			BiConsumer<PendingRequest<?, ?>, End> onEnd) {
		this.ticket = ticket;
		this.request = request;
		this.asked = asked;
		this.known = known;
		this.executor = executor;
		this.onEnd = onEnd;
		// by the user, or by us, when it has ended already
		this.future.whenComplete((result, error) -> end(End.CANCELLED));
	}

	String ticket() {
		return this.ticket;
	}

	CompletableFuture<R> future() {
		return this.future;
	}

	/** Sets what ends the waiting. */
	synchronized void alarm(Future<?> alarm) {
		this.alarm = alarm;
		if (this.ended) {
			alarm.cancel(false);
		}
	}

	/**
	 * Takes an answer.
	 * @return whether it was asked for
	 */
	boolean offer(EventRecord answer, EventCodec codec) {
		if (!isAskedFor(answer)) {
			return false;
		}
		Event<A> event;
		try {
			event = decode(answer, codec);
		}
		catch (RuntimeException ex) {
			fail(new RequestFailedException("The answer to " + this.request + " cannot be read", ex));
			return true;
		}
		List<Event<A>> complete = null;
		synchronized (this) {
			this.answers.add(event);
			if (this.answers.size() == this.asked.expected()) {
				complete = List.copyOf(this.answers);
			}
		}
		if (complete != null) {
			complete(complete, End.ANSWERED);
		}
		return true;
	}

	private synchronized boolean isAskedFor(EventRecord answer) {
		String type = this.asked.eventType();
		String organization = this.request.organization();
		boolean foreign = organization != null && answer.organization() != null
				&& !organization.equals(answer.organization());
		return !this.ended && !foreign && (type == null || type.equals(answer.type()))
				&& this.responders.add(responder(answer));
	}

	private static String responder(EventRecord answer) {
		return answer.metadata().getOrDefault(RequestMark.RESPONDER, "");
	}

	@SuppressWarnings("unchecked") // the codec reads the class that is asked for
	private Event<A> decode(EventRecord answer, EventCodec codec) {
		return (Event<A>) codec.decode(answer, this.asked.answerType());
	}

	/**
	 * Takes note of a subscriber that has given the request up. One answer is out of
	 * reach when all who could have given it have done so.
	 */
	void givenUp(EventRecord notice, EventCodec codec) {
		boolean hopeless;
		synchronized (this) {
			this.givenUp.put(responder(notice), describe(codec.decode(notice).data()));
			hopeless = !this.known.ids().isEmpty() && this.givenUp.keySet().containsAll(this.known.ids());
		}
		if (hopeless && !this.asked.several()) {
			fail(new RequestFailedException("There will be no answer to " + this.request + ": " + givenUpBy()));
		}
	}

	private static String describe(Object notice) {
		return (notice instanceof Map<?, ?> data)
				? "after " + data.get("attempts") + " attempts (" + data.get("error") + ")" : "";
	}

	private synchronized String givenUpBy() {
		List<String> parts = new ArrayList<>();
		this.givenUp.forEach((responder, how) -> parts.add("subscription '" + responder + "' gave it up " + how));
		return String.join(", ", parts);
	}

	/** The time is over. */
	void timeOut() {
		List<Event<A>> answers;
		synchronized (this) {
			answers = List.copyOf(this.answers);
		}
		if (this.asked.several()) {
			boolean enough = this.asked.isOpenEnded() && !answers.isEmpty();
			complete(answers, enough ? End.ANSWERED : End.TIMED_OUT);
			return;
		}
		if (end(End.TIMED_OUT)) {
			completeExceptionally(new RequestTimeoutException(timeoutMessage()));
		}
	}

	private String timeoutMessage() {
		Duration timeout = this.asked.timeout();
		String message = "No answer to " + this.request + " within " + timeout.toMillis() + " ms";
		if (!this.known.anybody()) {
			return message + "; neither this node nor the store knows a subscription that takes it";
		}
		String givenUp = givenUpBy();
		return givenUp.isEmpty() ? message + "; a subscriber may still handle it, or try it again"
				: message + "; " + givenUp;
	}

	private void complete(List<Event<A>> answers, End end) {
		if (end(end)) {
			this.executor.execute(() -> this.future.complete(this.asked.result().apply(answers)));
		}
	}

	/** Ends the waiting without an answer. */
	void fail(RequestFailedException error) {
		if (end(End.FAILED)) {
			completeExceptionally(error);
		}
	}

	private void completeExceptionally(RequestFailedException error) {
		this.executor.execute(() -> this.future.completeExceptionally(error));
	}

	/** Ends the waiting, because the request was never sent. */
	void abandon() {
		end(End.CANCELLED);
	}

	private boolean end(End how) {
		synchronized (this) {
			if (this.ended) {
				return false;
			}
			this.ended = true;
			if (this.alarm != null) {
				this.alarm.cancel(false);
			}
		}
		this.onEnd.accept(this, how);
		return true;
	}

	/**
	 * How the waiting can end.
	 */
	enum End {

		ANSWERED, TIMED_OUT, FAILED, CANCELLED

	}

	/**
	 * What is asked for.
	 *
	 * @param <A> type of the answers' data
	 * @param <R> what the future gives
	 * @param answerType how data is read
	 * @param timeout how long to wait
	 * @param expected how many answers
	 * @param several whether fewer are better than none
	 * @param result makes of answers what the future gives
	 */
	record Asked<A, R>(Class<A> answerType, Duration timeout, int expected, boolean several,
			Function<List<Event<A>>, R> result) {

		/** Of which type answers are, or {@code null} for any. */
		@Nullable String eventType() {
			return EventTypeDescriptor.isEventType(this.answerType) ? EventTypeDescriptor.of(this.answerType).type()
					: null;
		}

		boolean isOpenEnded() {
			return this.expected == EventRequest.MAX_ANSWERS;
		}

	}

}
