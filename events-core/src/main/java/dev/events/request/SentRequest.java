package dev.events.request;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;

import dev.events.Event;
import dev.events.EventRequest;
import dev.events.request.PendingRequest.Asked;

/**
 * A request to be sent.
 *
 * @param <A> type of the answers' data
 * @param requests who sends it
 * @param event what is sent
 * @param answerType how data of answers is read
 * @param timeout how long to wait
 */
record SentRequest<A>(Requests requests, Event<?> event, Class<A> answerType,
		Duration timeout) implements EventRequest<A> {

	@Override
	public <B> EventRequest<B> as(Class<B> answerType) {
		return new SentRequest<>(this.requests, this.event, answerType, this.timeout);
	}

	@Override
	public EventRequest<A> within(Duration timeout) {
		return new SentRequest<>(this.requests, this.event, this.answerType,
				RequestSettings.requireTimeout("timeout is " + timeout + "; it", timeout));
	}

	@Override
	public CompletableFuture<Event<A>> first() {
		return this.requests.send(this.event,
				new Asked<>(this.answerType, this.timeout, 1, false, (answers) -> answers.get(0)));
	}

	@Override
	public CompletableFuture<List<Event<A>>> all(int expected) {
		if (expected < 1 || expected > MAX_ANSWERS) {
			throw new IllegalArgumentException("expected is " + expected + "; it must be from 1 to " + MAX_ANSWERS);
		}
		return this.requests.send(this.event,
				new Asked<>(this.answerType, this.timeout, expected, true, (answers) -> answers));
	}

}
