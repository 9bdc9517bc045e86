package dev.events.delivery;

import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.function.Consumer;
import java.util.function.Predicate;

import dev.events.Cancellation;
import dev.events.Delivery;
import dev.events.DeliveryInterceptor;
import dev.events.Event;
import dev.events.EventBatchHandler;
import dev.events.EventStoreException;
import dev.events.HandlerTimeoutException;
import dev.events.NonRetryableEventException;
import dev.events.SubjectErasedException;
import dev.events.Subscriber;
import dev.events.access.AccessControl;
import dev.events.codec.EventCodec;
import dev.events.correlation.CurrentEvent;
import dev.events.observation.AroundHandlers;
import dev.events.observation.HandlerMdc;
import dev.events.observation.Observed;
import dev.events.publish.Answers;
import dev.events.request.RequestMark;
import dev.events.store.Lease;
import dev.events.store.OpenDelivery;
import org.jspecify.annotations.Nullable;

/**
 * Calls the handler of one subscription: filter, handler, publication of its answer.
 * Thread-safe as far as the handler is.
 *
 * @param <T> type of the data that the handler receives
 */
final class HandlerCall<T> {

	private final String subscription;

	private final String responder;

	private final Subscriber<T> subscriber;

	private final EventCodec codec;

	private final AccessControl access;

	private final AroundHandlers around;

	private final Consumer<List<Object>> publisher;

	/**
	 * Creates one.
	 * @param responder how it signs answers to requests
	 * @param around what stands around calls of the handler
	 * @param publisher publishes answers
	 */
	HandlerCall(String subscription, String responder, Subscriber<T> subscriber, EventCodec codec, AccessControl access,
			AroundHandlers around, Consumer<List<Object>> publisher) {
		this.subscription = subscription;
		this.responder = responder;
		this.subscriber = subscriber;
		this.codec = codec;
		this.access = access;
		this.around = around;
		this.publisher = publisher;
	}

	/**
	 * Reads an event, asks the filter and whether the subscriber may have it.
	 * @return the event for the handler, or {@code null} when it is not for it
	 * @throws InterruptedException when the filter failed after we had interrupted it
	 * @throws SubjectErasedException when nobody can read the event any more
	 * @throws EventStoreException when the store cannot give the key of its data subject
	 * now: no failure of the event
	 * @throws Failed when event or filter failed
	 */
	@Nullable Event<?> prepare(LogEntry entry, HandlerThread thread) throws InterruptedException, Failed {
		try {
			if (!this.subscriber.trusts(entry.event().source())) {
				this.access.untrusted(this.subscription, EventCodec.raw(entry.event()));
				return null;
			}
			Predicate<Event<Object>> filter = this.subscriber.filter();
			if (filter != null) {
				Event<Object> plain = entry.decode(this.codec);
				if (!run(thread, () -> filter.test(plain))) {
					return null;
				}
			}
			Event<?> event = entry.decode(this.codec, this.subscriber.dataType(entry.event().type()));
			return this.access.mayReceive(this.subscription, event) ? event : null;
		}
		catch (SubjectErasedException | EventStoreException ex) {
			throw ex;
		}
		catch (Failed ex) {
			if (mayNotReceive(entry)) {
				return null;
			}
			throw ex;
		}
		catch (RuntimeException | Error ex) {
			if (mayNotReceive(entry)) {
				return null;
			}
			throw new Failed(ex);
		}
	}

	/**
	 * Whether the subscriber must not have an event that it could not be given anyway:
	 * then it must not be among its dead letters, or hold its key, either.
	 */
	private boolean mayNotReceive(LogEntry entry) {
		try {
			return !this.access.mayReceive(this.subscription, entry.decode(this.codec));
		}
		catch (RuntimeException ex) {
			return false;
		}
	}

	/** Starts to observe an attempt. */
	Observed observe(List<Event<?>> events, int attempt, boolean replay) {
		return this.around.observations().deliver(this.subscription, isNamed(), events, isBatch(), attempt, replay);
	}

	private boolean isNamed() {
		return this.subscriber.id() != null;
	}

	private boolean isBatch() {
		return this.subscriber.batchHandler() != null;
	}

	/**
	 * Hands prepared events to the handler and publishes its answer. Whatever the handler
	 * throws is its failure, an {@link InterruptedException} of its own too.
	 * @throws InterruptedException when the handler failed after we had interrupted it
	 * because the node stops: not its fault, so the attempt does not count
	 * @throws Failed when it failed
	 */
	void handle(Handover handover, Lease lease, int attempt, boolean replay, HandlerThread thread)
			throws InterruptedException, Failed {
		HandlerMdc.Call logged = this.around.mdc()
			.begin(this.subscription, isBatch() ? null : handover.events().get(0));
		try {
			call(handover, lease, attempt, replay, thread);
		}
		finally {
			logged.end();
		}
	}

	private void call(Handover handover, Lease lease, int attempt, boolean replay, HandlerThread thread)
			throws InterruptedException, Failed {
		List<Event<?>> events = handover.events();
		Event<?> event = events.get(0);
		boolean request = !isBatch() && !replay && RequestMark.isRequest(event);
		List<Object> answers;
		Observed observed = this.around.observations()
			.handle(this.subscription, isNamed(), events, isBatch(), attempt, replay);
		try {
			answers = run(thread,
					userCode(events, new Attempt(this.subscription, handover, lease, attempt, replay, request)));
		}
		catch (Throwable ex) {
			observed.failed((ex instanceof Failed failed) ? failed.error() : ex);
			throw ex;
		}
		finally {
			observed.stop();
		}
		publish(typed(event), request ? RequestMark.answers(answers, event, this.responder) : answers);
	}

	/** Calls the handler; of a batch there is no answer. */
	private Callable<List<Object>> userCode(List<Event<?>> events, Delivery delivery) {
		EventBatchHandler<T> batchHandler = this.subscriber.batchHandler();
		DeliveryInterceptor interceptor = this.around.interceptor();
		if (batchHandler != null) {
			List<Event<T>> batch = events.stream().map(this::typed).toList();
			return () -> {
				interceptor.intercept(delivery, batch, () -> {
					batchHandler.handle(batch, delivery);
					return null;
				});
				return List.of();
			};
		}
		Event<T> event = typed(events.get(0));
		return () -> CurrentEvent.call(event, () -> Answers.of(interceptor.intercept(delivery, List.of(event), () -> {
			Object answer = this.subscriber.function().handle(event, delivery);
			return (answer instanceof CompletionStage<?> stage) ? await(stage) : answer;
		})));
	}

	@SuppressWarnings("unchecked") // the subscriber says which type it reads
	private Event<T> typed(Event<?> event) {
		return (Event<T>) event;
	}

	/** How it signs answers to requests. */
	String responder() {
		return this.responder;
	}

	private static <R> R run(HandlerThread thread, Callable<R> userCode) throws InterruptedException, Failed {
		R result = null;
		Throwable error = null;
		HandlerThread.Interruption interruption;
		thread.enter();
		try {
			result = userCode.call();
		}
		catch (Throwable ex) {
			error = ex;
		}
		finally {
			interruption = thread.leave();
		}
		if (error == null && result != null) {
			return result;
		}
		switch (interruption) {
			case SHUTDOWN -> throw new InterruptedException("Interrupted at shutdown");
			case TIMEOUT -> throw new Failed(new HandlerTimeoutException(thread.timeout(), error));
			default -> throw new Failed((error != null) ? error : new IllegalStateException("No result"));
		}
	}

	/** Our own access to the store, so not where the handler can be interrupted. */
	private void publish(Event<T> event, List<Object> answers) throws Failed {
		if (answers.isEmpty()) {
			return;
		}
		try {
			CurrentEvent.call(event, () -> {
				this.publisher.accept(answers);
				return true;
			});
		}
		catch (Throwable ex) {
			throw new Failed(ex);
		}
	}

	private @Nullable Object await(CompletionStage<?> stage) throws Exception {
		CompletableFuture<?> future = stage.toCompletableFuture();
		if (this.subscriber.transactional() && !future.isDone()) {
			future.cancel(true);
			throw new NonRetryableEventException("A transactional subscriber must do its work before it returns, "
					+ "for the transaction is that of its thread; it returned a stage that was not completed");
		}
		try {
			return future.get();
		}
		catch (InterruptedException ex) {
			future.cancel(true);
			throw ex;
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
	 * What the handler, the filter or reading the event threw is the cause.
	 */
	static final class Failed extends Exception {

		private static final long serialVersionUID = 1L;

		Failed(Throwable error) {
			super(null, error, false, false);
		}

		Throwable error() {
			Throwable cause = getCause();
			return (cause != null) ? cause : this;
		}

	}

	private record Attempt(String subscription, Handover handover, Lease lease, int attempt, boolean isReplay,
			boolean isRequest) implements PartitionDelivery {

		@Override
		public OpenDelivery open() {
			return new OpenDelivery(this.lease, this.handover.firstPosition(), this.handover.stored());
		}

		@Override
		public List<Long> positions() {
			return this.handover.positions();
		}

		@Override
		public Cancellation cancellation() {
			throw new IllegalStateException("The event is stored already: only a synchronous subscriber can cancel it");
		}

	}

}
