package dev.events.publish;

import java.lang.reflect.Type;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;

import dev.events.Cancellation;
import dev.events.Delivery;
import dev.events.Event;
import dev.events.EventFunction;
import dev.events.Subscriber;
import dev.events.SynchronousSubscriberException.Failure;
import dev.events.access.AccessControl;
import dev.events.codec.EventCodec;
import dev.events.correlation.CurrentEvent;
import dev.events.publish.SynchronousSubscribers.Entry;
import dev.events.request.RequestMark;
import dev.events.stats.EventCounters;
import dev.events.store.EventRecord;
import org.jspecify.annotations.Nullable;

/**
 * Calls the synchronous subscribers of one event, and keeps what comes of it. For one
 * thread.
 */
final class SynchronousCall {

	private final EventCodec codec;

	private final SynchronousSubscribers subscribers;

	private final EventCounters counters;

	private final AccessControl access;

	private final Event<?> event;

	private final EventRecord record;

	private final List<Failure> failures = new ArrayList<>();

	private final List<Object> answers = new ArrayList<>();

	private @Nullable Event<Object> plain;

	private @Nullable String cancelledBy;

	private @Nullable String reason;

	SynchronousCall(SynchronousSubscribers subscribers, EventCodec codec, EventCounters counters, AccessControl access,
			Event<?> event, EventRecord record) {
		this.subscribers = subscribers;
		this.codec = codec;
		this.counters = counters;
		this.access = access;
		this.event = event;
		this.record = record;
	}

	/** Calls them in order, all of them whatever fails, until one cancels. */
	void callAll() {
		List<Entry> entries = this.subscribers.of(this.record.type());
		if (entries.isEmpty()) {
			return;
		}
		long start = System.nanoTime();
		for (Entry entry : entries) {
			if (this.cancelledBy != null) {
				return;
			}
			try {
				call(entry, entry.subscriber());
			}
			catch (Throwable ex) {
				if (ex instanceof InterruptedException) {
					Thread.currentThread().interrupt();
				}
				this.failures.add(new Failure(entry.id(), ex));
			}
			long end = System.nanoTime();
			this.counters.handled(entry.counts(), end - start);
			start = end;
		}
	}

	private <T> void call(Entry entry, Subscriber<T> subscriber) throws Exception {
		if (!subscriber.accepts(this.record.source(), this.record.organization(), this.record.metadata())) {
			return;
		}
		if (!subscriber.trusts(this.record.source())) {
			this.access.untrusted(entry.id(), this.event);
			return;
		}
		Event<T> argument = prepare(entry, subscriber);
		if (argument == null) {
			return;
		}
		EventFunction<T> function = subscriber.function();
		SynchronousDelivery delivery = new SynchronousDelivery(entry.id());
		Object answer = this.subscribers.call(entry, delivery, argument, isQuotable(), () -> {
			Object result = function.handle(argument, delivery);
			return (result instanceof CompletionStage<?> stage) ? await(stage) : result;
		});
		this.counters.delivered(this.record.type(), entry.counts());
		if (answer != null && this.cancelledBy == null) {
			this.answers.addAll(RequestMark.answers(Answers.of(answer), argument, entry.id()));
		}
	}

	/** The event for the subscriber, or {@code null} when it is not for it. */
	private <T> @Nullable Event<T> prepare(Entry entry, Subscriber<T> subscriber) {
		try {
			if (subscriber.filter() != null && !subscriber.filter().test(plain())) {
				return null;
			}
			@SuppressWarnings("unchecked") // the subscriber says which type it reads
			Event<T> argument = (Event<T>) argument(subscriber.dataType(this.record.type()));
			return this.access.mayReceive(entry.id(), argument) ? argument : null;
		}
		catch (RuntimeException | Error ex) {
			// who may not have it cannot stop it
			if (mayNotReceive(entry)) {
				return null;
			}
			throw ex;
		}
	}

	private boolean mayNotReceive(Entry entry) {
		try {
			return !this.access.mayReceive(entry.id(), plain());
		}
		catch (RuntimeException ex) {
			return false;
		}
	}

	private boolean isQuotable() {
		return this.codec.isQuotable(this.record.type(), this.event.data().getClass());
	}

	private static @Nullable Object await(CompletionStage<?> stage) throws Exception {
		try {
			return stage.toCompletableFuture().get();
		}
		catch (ExecutionException ex) {
			if (ex.getCause() instanceof Exception cause) {
				throw cause;
			}
			throw ex;
		}
	}

	private Event<?> argument(Type dataType) {
		if (dataType == Object.class) {
			return plain();
		}
		if (dataType instanceof Class<?> dataClass && dataClass.isInstance(this.event.data())
				&& this.codec.isCurrent(this.record, dataType)) {
			return this.event;
		}
		return this.codec.decode(this.record, dataType);
	}

	private Event<Object> plain() {
		if (this.plain == null) {
			this.plain = this.codec.decode(this.record);
		}
		return this.plain;
	}

	/** What subscribers threw, in the order of the calls. */
	List<Failure> failures() {
		return this.failures;
	}

	/** Further events that subscribers returned. */
	List<Object> answers() {
		return this.answers;
	}

	@Nullable String cancelledBy() {
		return this.cancelledBy;
	}

	@Nullable String reason() {
		return this.reason;
	}

	private final class SynchronousDelivery implements Delivery, Cancellation {

		private final String subscription;

		SynchronousDelivery(String subscription) {
			this.subscription = subscription;
		}

		@Override
		public String subscription() {
			return this.subscription;
		}

		@Override
		public int attempt() {
			return 1;
		}

		@Override
		public boolean isRequest() {
			return RequestMark.isRequest(SynchronousCall.this.event);
		}

		@Override
		public Cancellation cancellation() {
			return this;
		}

		@Override
		public void cancel(String reason) {
			SynchronousCall.this.cancelledBy = this.subscription;
			SynchronousCall.this.reason = reason;
		}

		@Override
		public boolean isCancelled() {
			return SynchronousCall.this.cancelledBy != null;
		}

	}

}
