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

	/** Makes one attempt; never throws, unless the thread was interrupted. */
	Outcome attempt(LogEntry entry, int attempt) throws InterruptedException {
		try {
			if (this.subscriber.filter() != null && !this.subscriber.filter().test(entry.decode(this.codec))) {
				return Outcome.PASSED_OVER;
			}
			@SuppressWarnings("unchecked") // the subscriber says which type it reads
			Event<T> event = (Event<T>) (Event<?>) entry.decode(this.codec, this.subscriber.dataType());
			CurrentEvent.call(event, () -> {
				publish(this.subscriber.function().handle(event, new Attempt(this.subscription, attempt)));
				return true;
			});
			return Outcome.DONE;
		}
		catch (InterruptedException ex) {
			throw ex;
		}
		catch (Throwable ex) {
			return Outcome.failed(ex);
		}
	}

	private void publish(@Nullable Object answer) throws Exception {
		Object value = (answer instanceof CompletionStage<?> stage) ? await(stage) : answer;
		List<Object> events = Answers.of(value);
		if (!events.isEmpty()) {
			this.publisher.accept(events);
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

	private record Attempt(String subscription, int attempt) implements Delivery {

		@Override
		public Cancellation cancellation() {
			throw new IllegalStateException("The event is stored already: only a synchronous subscriber can cancel it");
		}

	}

}
