package dev.events.delivery;

import java.util.List;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.function.Consumer;

import dev.events.Cancellation;
import dev.events.Delivery;
import dev.events.Event;
import dev.events.InvalidEventException;
import dev.events.NonRetryableEventException;
import dev.events.Subscriber;
import dev.events.codec.EventCodec;
import dev.events.correlation.CurrentEvent;
import dev.events.publish.Answers;
import org.jspecify.annotations.Nullable;

/**
 * Calls the handler of one subscription: filter, handler, publication of its answer.
 * Thread-safe as far as the handler is.
 *
 * @param <T> type of the data that the handler receives
 */
final class HandlerCall<T> {

	private final String subscription;

	private final Subscriber<T> subscriber;

	private final EventCodec codec;

	private final Consumer<List<Object>> publisher;

	HandlerCall(String subscription, Subscriber<T> subscriber, EventCodec codec, Consumer<List<Object>> publisher) {
		this.subscription = subscription;
		this.subscriber = subscriber;
		this.codec = codec;
		this.publisher = publisher;
	}

	/**
	 * Makes one attempt. Whatever the handler throws is its failure, an
	 * {@link InterruptedException} of its own too.
	 * @throws InterruptedException when the handler failed after we had interrupted it:
	 * not its fault, so the attempt does not count
	 */
	Outcome attempt(LogEntry entry, int attempt, HandlerThread thread) throws InterruptedException {
		Handled<T> handled = null;
		Throwable error = null;
		boolean interrupted;
		thread.enter();
		try {
			handled = handle(entry, attempt);
		}
		catch (Throwable ex) {
			error = ex;
		}
		finally {
			interrupted = thread.leave();
		}
		if (interrupted && error != null) {
			throw new InterruptedException("Interrupted at shutdown");
		}
		if (error == null && handled != null) {
			error = publish(handled);
		}
		if (error != null) {
			return Outcome.failed(error);
		}
		return (handled != null) ? Outcome.DONE : Outcome.PASSED_OVER;
	}

	private @Nullable Handled<T> handle(LogEntry entry, int attempt) throws Exception {
		if (this.subscriber.filter() != null && !this.subscriber.filter().test(entry.decode(this.codec))) {
			return null;
		}
		@SuppressWarnings("unchecked") // the subscriber says which type it reads
		Event<T> event = (Event<T>) (Event<?>) entry.decode(this.codec, this.subscriber.dataType());
		return CurrentEvent.call(event, () -> {
			Object answer = this.subscriber.function().handle(event, new Attempt(this.subscription, attempt));
			return new Handled<>(event,
					Answers.of((answer instanceof CompletionStage<?> stage) ? await(stage) : answer));
		});
	}

	/** Our own access to the store, so not where the handler can be interrupted. */
	private @Nullable Throwable publish(Handled<T> handled) {
		if (handled.answers.isEmpty()) {
			return null;
		}
		try {
			CurrentEvent.call(handled.event, () -> {
				this.publisher.accept(handled.answers);
				return true;
			});
			return null;
		}
		catch (Throwable ex) {
			return ex;
		}
	}

	private static @Nullable Object await(CompletionStage<?> stage) throws Exception {
		try {
			return stage.toCompletableFuture().get();
		}
		catch (ExecutionException ex) {
			Throwable cause = ex.getCause();
			while (cause instanceof CompletionException && cause.getCause() != null) {
				cause = cause.getCause();
			}
			if (cause instanceof Error error) {
				throw error;
			}
			throw (cause instanceof Exception exception) ? exception : ex;
		}
	}

	/**
	 * What came of an attempt.
	 *
	 * @param error what was thrown, or {@code null}
	 * @param delivered whether the handler was called with success
	 */
	record Outcome(@Nullable Throwable error, boolean delivered) {

		static final Outcome DONE = new Outcome(null, true);

		static final Outcome PASSED_OVER = new Outcome(null, false);

		static Outcome failed(Throwable error) {
			return new Outcome(error, false);
		}

		/** Whether trying again could help. */
		boolean isRetryable() {
			return !(this.error instanceof NonRetryableEventException || this.error instanceof InvalidEventException);
		}

	}

	private record Handled<T>(Event<T> event, List<Object> answers) {

	}

	private record Attempt(String subscription, int attempt) implements Delivery {

		@Override
		public Cancellation cancellation() {
			throw new IllegalStateException("The event is stored already: only a synchronous subscriber can cancel it");
		}

	}

}
