package dev.events.request;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.Function;

import dev.events.Event;
import dev.events.EventRequest;
import dev.events.EventStats;
import dev.events.Publication;
import dev.events.RequestFailedException;
import dev.events.Subscriber;
import dev.events.codec.EventCodec;
import dev.events.request.PendingRequest.Asked;
import dev.events.request.PendingRequest.End;
import dev.events.store.EventRecord;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The requests of this node that wait for answers. Answers come by a subscription that
 * every node which has ever sent a request has of its own, from the moment before it
 * sends the first one. Thread-safe.
 * <p>
 * Invariant: a request waits before it is sent, and so before anybody can answer it.
 */
public final class Requests {

	/** Id of the subscription by which answers come. */
	public static final String SUBSCRIPTION = "events.answers";

	private static final Logger logger = LoggerFactory.getLogger(Requests.class);

	private final String node;

	private final RequestSettings settings;

	private final EventCodec codec;

	private final Consumer<Subscriber<?>> subscribe;

	private final Function<Event<?>, Publication> publish;

	private final BooleanSupplier inTransaction;

	private final Responders responders;

	private final Map<String, PendingRequest<?, ?>> pending = new HashMap<>();

	private final EndedRequests ended = new EndedRequests();

	private final ScheduledThreadPoolExecutor alarms = alarms();

	private final ThreadPoolExecutor callbacks = callbacks();

	private final Object subscribing = new Object();

	private volatile boolean subscribed;

	// guarded by the map
	private boolean open;

	private final LongAdder sent = new LongAdder();

	private final LongAdder answered = new LongAdder();

	private final LongAdder timedOut = new LongAdder();

	private final LongAdder failed = new LongAdder();

	private final LongAdder late = new LongAdder();

	private final LongAdder surplus = new LongAdder();

	private final LongAdder unknown = new LongAdder();

	/**
	 * Creates it without requests.
	 * @param node id of this node
	 * @param subscribe subscribes to answers, from now on
	 * @param publish publishes a request
	 * @param inTransaction whether the calling thread is in a transaction
	 * @param responders who could answer
	 */
	public Requests(String node, RequestSettings settings, EventCodec codec, Consumer<Subscriber<?>> subscribe,
			Function<Event<?>, Publication> publish, BooleanSupplier inTransaction, Responders responders) {
		this.node = node;
		this.settings = settings;
		this.codec = codec;
		this.subscribe = subscribe;
		this.publish = publish;
		this.inTransaction = inTransaction;
		this.responders = responders;
	}

	private static ScheduledThreadPoolExecutor alarms() {
		ScheduledThreadPoolExecutor alarms = new ScheduledThreadPoolExecutor(1,
				(task) -> daemon(task, "events-requests"));
		// what is answered in time must not be kept until its time would have been over
		alarms.setRemoveOnCancelPolicy(true);
		alarms.setKeepAliveTime(10, TimeUnit.SECONDS);
		alarms.allowCoreThreadTimeOut(true);
		return alarms;
	}

	/** As many threads as callbacks run: one that waits must not delay others. */
	private static ThreadPoolExecutor callbacks() {
		return new ThreadPoolExecutor(0, Integer.MAX_VALUE, 10, TimeUnit.SECONDS, new SynchronousQueue<>(),
				(task) -> daemon(task, "events-requests-callback"));
	}

	private static Thread daemon(Runnable task, String name) {
		Thread thread = new Thread(task, name);
		thread.setDaemon(true);
		return thread;
	}

	/** Begins a request. */
	public EventRequest<Object> request(Object published) {
		Event<?> event = (published instanceof Event<?> present) ? present : Event.of(published);
		return new SentRequest<>(this, event, Object.class, this.settings.timeout());
	}

	<A, R> CompletableFuture<R> send(Event<?> event, Asked<A, R> asked) {
		if (this.inTransaction.getAsBoolean()) {
			throw new IllegalStateException(event + " cannot be a request in a transaction: it would be sent with the "
					+ "commit, for which the transaction would wait in vain when it waits for the answer. Ask before or "
					+ "after it, or publish the event and subscribe to what answers it");
		}
		subscribe();
		String ticket = RequestMark.ticket(event);
		PendingRequest<A, R> request = new PendingRequest<>(ticket, event, asked, this.responders.of(event),
				this::callback, this::ended);
		RequestFailedException refusal = register(request, asked);
		if (refusal != null) {
			this.failed.increment();
			return CompletableFuture.failedFuture(refusal);
		}
		try {
			Publication publication = this.publish.apply(RequestMark.request(event, this.node, ticket));
			this.sent.increment();
			if (!publication.isStored()) {
				request
					.fail(new RequestFailedException("There will be no answer to " + event + ": " + why(publication)));
			}
		}
		catch (RuntimeException | Error ex) {
			request.abandon();
			throw ex;
		}
		return request.future();
	}

	private static String why(Publication publication) {
		return switch (publication.outcome()) {
			case CANCELLED -> "it was cancelled by " + publication.by() + ": " + publication.reason();
			case DROPPED -> "it was dropped by " + publication.by();
			case DUPLICATE -> "an event with this id was published before; a request is sent once";
			default -> "it is " + publication.outcome();
		};
	}

	private void subscribe() {
		if (this.subscribed) {
			return;
		}
		synchronized (this.subscribing) {
			requireOpen();
			if (!this.subscribed) {
				this.subscribe.accept(Subscriber.to("**")
					.as(EventRecord.class)
					.id(SUBSCRIPTION)
					.broadcast()
					.partitions(1)
					.metadata(RequestMark.ANSWER_NODE, this.node)
					.handler(this::answered));
				this.subscribed = true;
			}
		}
	}

	private void requireOpen() {
		synchronized (this.pending) {
			if (!this.open) {
				throw new IllegalStateException("This node does not deliver events, and so no answer would come: send "
						+ "requests when the bus was started, in a Spring application after the context was refreshed");
			}
		}
	}

	private @Nullable RequestFailedException register(PendingRequest<?, ?> request, Asked<?, ?> asked) {
		synchronized (this.pending) {
			requireOpen();
			if (this.pending.size() >= this.settings.maxPending()) {
				return new RequestFailedException(
						this.settings.maxPending() + " requests of this node wait for answers "
								+ "already; if that is not too many, raise events.request.max-pending");
			}
			this.pending.put(request.ticket(), request);
		}
		request.alarm(this.alarms.schedule(request::timeOut, asked.timeout().toNanos(), TimeUnit.NANOSECONDS));
		return null;
	}

	private void callback(Runnable callback) {
		try {
			this.callbacks.execute(callback);
		}
		catch (RuntimeException | Error ex) {
			// no thread to be had: better here than never
			callback.run();
		}
	}

	private void ended(PendingRequest<?, ?> request, End how) {
		synchronized (this.pending) {
			this.pending.remove(request.ticket());
		}
		this.ended.add(request.ticket(), how);
		switch (how) {
			case ANSWERED -> this.answered.increment();
			case TIMED_OUT -> this.timedOut.increment();
			case FAILED, CANCELLED -> this.failed.increment();
		}
	}

	/** An answer has come, or word that there will be none. */
	private void answered(Event<EventRecord> event) {
		EventRecord answer = event.data();
		String ticket = answer.metadata().getOrDefault(RequestMark.ANSWERED, "");
		PendingRequest<?, ?> request;
		synchronized (this.pending) {
			request = this.pending.get(ticket);
		}
		if (answer.type().equals(RequestMark.GIVEN_UP)) {
			if (request != null) {
				request.givenUp(answer, this.codec);
			}
		}
		else if (request == null || !request.offer(answer, this.codec)) {
			count(ticket, event);
		}
	}

	private void count(String ticket, Event<?> answer) {
		End end = this.ended.find(ticket);
		LongAdder counter = this.surplus;
		if (end == null && !isPending(ticket)) {
			counter = this.unknown;
		}
		else if (end == End.TIMED_OUT || end == End.FAILED || end == End.CANCELLED) {
			counter = this.late;
		}
		counter.increment();
		logger.debug("{} answers a request that does not wait for it: {}", answer, (end != null) ? end : "not known");
	}

	private boolean isPending(String ticket) {
		synchronized (this.pending) {
			return this.pending.containsKey(ticket);
		}
	}

	/** Requests may be sent from now on. */
	public void start() {
		synchronized (this.pending) {
			this.open = true;
		}
	}

	/** Ends all waiting; nothing may be sent any more. */
	public void stop() {
		List<PendingRequest<?, ?>> waiting;
		synchronized (this.pending) {
			this.open = false;
			waiting = List.copyOf(this.pending.values());
		}
		waiting.forEach((request) -> request
			.fail(new RequestFailedException("This node stops delivering events, and answers with them")));
	}

	/** Counts since this node started. */
	public EventStats.Requests stats() {
		int waiting;
		synchronized (this.pending) {
			waiting = this.pending.size();
		}
		return new EventStats.Requests(this.sent.sum(), this.answered.sum(), this.timedOut.sum(), this.failed.sum(),
				waiting, this.late.sum(), this.surplus.sum(), this.unknown.sum());
	}

}
