package dev.events.test;

import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.stream.Collectors;

import dev.events.Aggregations;
import dev.events.BatchEmitter;
import dev.events.BatchOptions;
import dev.events.DataSubjects;
import dev.events.DeadLetter;
import dev.events.DeadLetters;
import dev.events.Event;
import dev.events.EventBus;
import dev.events.EventHandler;
import dev.events.EventPublisher;
import dev.events.EventQuery;
import dev.events.EventReplay;
import dev.events.EventRequest;
import dev.events.EventStats;
import dev.events.Publication;
import dev.events.Replays;
import dev.events.Sagas;
import dev.events.ScheduledEvents;
import dev.events.SchemaRegistry;
import dev.events.Subscriber;
import dev.events.Subscription;
import dev.events.Subscriptions;
import dev.events.bus.DurableEventBus;
import dev.events.bus.EventBusBuilder;

/**
 * The real event bus over a store in memory, for tests that do not wait: events are
 * delivered by {@link #processAll()} and at no other time, retries and scheduled events
 * when {@link #advance(Duration)} lets time pass. Handlers run one after the other in one
 * thread, and each subscription has one partition unless it says otherwise, so each gets
 * its events in the order in which they were published. Between subscriptions there is no
 * order, here as elsewhere. Assertions: {@link EventAssertions#assertThat(TestEventBus)}.
 *
 * <pre>{@code
 * try (TestEventBus bus = TestEventBus.create()) {
 *     bus.subscribe(Subscriber.to(OrderPaid.class).id("billing").handler((event) -> …));
 *     bus.failNext("billing", 1);
 *     bus.publish(new OrderPaid("order-1"));
 *     bus.processAll();
 *     assertThat(bus).delivered(OrderPaid.class).to("billing").never();
 *     bus.advance(Duration.ofSeconds(2));
 *     assertThat(bus).delivered(OrderPaid.class).to("billing").once();
 * }
 * }</pre>
 *
 * Nothing is shared between two of them, so tests may run in parallel. Time limits of
 * handlers and requests, the patience of batches and the rate of replays go by real time.
 * Thread-safe.
 */
public final class TestEventBus implements EventBus, AutoCloseable {

	private static final Duration PATIENCE = Duration.ofSeconds(10);

	private static final long PAUSE_NANOS = 500_000;

	private final DurableEventBus bus;

	private final TestEventBusSetup setup;

	// publications that the store may not have yet
	private final Queue<CompletableFuture<?>> unfinished = new ConcurrentLinkedQueue<>();

	private final TrackedSubjects dataSubjects;

	private volatile Duration patience = PATIENCE;

	TestEventBus(DurableEventBus bus, TestEventBusSetup setup) {
		this.bus = bus;
		this.setup = setup;
		this.dataSubjects = new TrackedSubjects(bus.dataSubjects());
	}

	/** An empty bus that runs, with the defaults of the core but one partition. */
	public static TestEventBus create() {
		return create((builder) -> {
		});
	}

	/**
	 * As {@link #create()}, with options: retries, interceptors, schemas and so on.
	 * @param options told to set options of the bus; workers, store of ephemeral
	 * subscribers and delivery interceptor are those of the test bus
	 */
	public static TestEventBus create(Consumer<EventBusBuilder> options) {
		TestEventBusSetup setup = new TestEventBusSetup();
		EventBusBuilder builder = DurableEventBus.builder(setup.store());
		setup.applyTo(builder);
		options.accept(builder);
		DurableEventBus bus = builder.build();
		bus.start();
		return setup.wrap(bus);
	}

	/**
	 * How long, in real time, {@link #processAll()} may take at most; 10 s by default.
	 */
	public TestEventBus patience(Duration patience) {
		this.patience = patience;
		return this;
	}

	/**
	 * Delivers everything that can be delivered now, also what handlers publish, and
	 * returns when nothing is left: what waits for its time waits on.
	 * @throws AssertionError when that takes too long; the message says what is left
	 * @throws IllegalStateException in a handler
	 */
	public void processAll() {
		if (this.setup.workers.isRunByCurrentThread()) {
			throw new IllegalStateException("A handler cannot process events, for it is one of those to be processed");
		}
		long end = System.nanoTime() + this.patience.toNanos();
		this.bus.clockMoved();
		// else a subscription that is paused, or whose cursor was moved, would go on
		await(this.bus::isSettled, end);
		this.setup.workers.open();
		try {
			await(() -> pending().isEmpty(), end);
		}
		finally {
			this.setup.workers.shut();
		}
	}

	private void await(BooleanSupplier condition, long end) {
		while (!condition.getAsBoolean()) {
			if (System.nanoTime() - end > 0) {
				throw new AssertionError(stillPending(pending()));
			}
			LockSupport.parkNanos(PAUSE_NANOS);
		}
	}

	private List<String> pending() {
		this.unfinished.removeIf(CompletableFuture::isDone);
		return this.unfinished.isEmpty() ? this.bus.pending()
				: List.of(this.unfinished.size() + " asynchronous publications are not stored yet");
	}

	private String stillPending(List<String> pending) {
		String stack = Arrays.stream(this.setup.workers.stack())
			.limit(20)
			.map((frame) -> "\n      at " + frame)
			.collect(Collectors.joining());
		return "Not everything was processed within " + this.patience + ". Still pending:\n  - "
				+ String.join("\n  - ", pending) + "\n  The thread of the handlers is"
				+ (stack.isEmpty() ? " idle" : stack);
	}

	/**
	 * Lets time pass: whatever becomes due meanwhile, retries and scheduled events, is
	 * done at its time, one after the other, with all that follows from it. Begins with
	 * what can be done now.
	 * @param duration how long; zero does as {@link #processAll()}
	 * @throws AssertionError as {@link #processAll()} does
	 */
	public void advance(Duration duration) {
		if (duration.isNegative()) {
			throw new IllegalArgumentException("Time does not go back: " + duration);
		}
		Instant end = this.setup.clock.instant().plus(duration);
		processAll();
		for (var due = this.setup.store.nextDue(end); due.isPresent(); due = this.setup.store.nextDue(end)) {
			this.setup.clock.moveTo(due.get());
			processAll();
		}
		this.setup.clock.moveTo(end);
		processAll();
	}

	/** The time of the store. */
	public ManualClock clock() {
		return this.setup.clock;
	}

	/**
	 * Lets the next attempts of a subscription fail instead of calling its handler. They
	 * are treated as any failure: retried by its policy, dead letters in the end.
	 * @param subscription id of the subscription
	 * @param times how many attempts
	 */
	public void failNext(String subscription, int times) {
		failNext(subscription, times,
				() -> new IllegalStateException("Attempt of '" + subscription + "' fails on purpose"));
	}

	/**
	 * As {@link #failNext(String, int)}, with a failure of choice.
	 * @param failure makes what is thrown
	 */
	public void failNext(String subscription, int times, Supplier<? extends Throwable> failure) {
		this.setup.calls.failNext(subscription, times, failure);
	}

	/**
	 * Lets the next calls of the store fail before anything is done.
	 */
	public void failNext(StoreCall call, int times) {
		this.setup.faults.fail(call, times);
	}

	/**
	 * Lets the next calls of the store do their work and fail nevertheless, as when a
	 * connection breaks before the answer comes.
	 */
	public void loseNextAnswer(StoreCall call, int times) {
		this.setup.faults.loseAnswer(call, times);
	}

	/**
	 * Begins a test in three steps: these events have happened, and what follows from
	 * them at once.
	 * @param events the events, or their data; none for an empty bus
	 */
	public Given given(Object... events) {
		return new Given(this).and(events);
	}

	/**
	 * Begins a test in three steps with something else that is the case: state, or
	 * failures to come.
	 */
	public Given given(Consumer<? super TestEventBus> step) {
		return new Given(this).and(step);
	}

	/** All calls of handlers so far, in order, failed ones included. */
	public List<HandledEvent> handled() {
		return this.setup.calls.list();
	}

	/** All events in the log, oldest first. */
	public List<Event<Object>> published() {
		return this.bus.query().stream().toList();
	}

	/** All dead letters, oldest first. */
	public List<DeadLetter> dead() {
		return this.bus.deadLetters().list(DeadLetters.Filter.all(), 1000, null).deadLetters();
	}

	/**
	 * Forgets all events, cursors, retries, dead letters, injected failures and calls of
	 * handlers, and that people were forgotten; subscribers and schemas stay, and so does
	 * the time. For buses that several tests use one after the other.
	 */
	public void reset() {
		boolean running = this.bus.isRunning();
		this.bus.stop();
		this.setup.faults.clear();
		this.setup.store.clear();
		this.dataSubjects.reset();
		this.setup.calls.clear();
		this.unfinished.clear();
		if (running) {
			this.bus.start();
		}
	}

	@Override
	public void close() {
		this.bus.close();
		this.setup.workers.close();
	}

	@Override
	public EventPublisher from(String source) {
		return new TrackedPublisher(this.bus.from(source), this.unfinished);
	}

	@Override
	public Subscription subscribe(String pattern, EventHandler<Object> handler) {
		return this.bus.subscribe(pattern, handler);
	}

	@Override
	public <T> Subscription subscribe(Class<T> dataType, EventHandler<T> handler) {
		return this.bus.subscribe(dataType, handler);
	}

	@Override
	public Subscription subscribe(Subscriber<?> subscriber) {
		return this.bus.subscribe(subscriber);
	}

	@Override
	public Publication publish(Object event) {
		return this.bus.publish(event);
	}

	@Override
	public List<Publication> publishAll(Collection<?> events) {
		return this.bus.publishAll(events);
	}

	@Override
	public CompletableFuture<Publication> publishAsync(Object event) {
		return new TrackedPublisher(this.bus, this.unfinished).publishAsync(event);
	}

	@Override
	public void publishAndForget(Object event) {
		new TrackedPublisher(this.bus, this.unfinished).publishAndForget(event);
	}

	@Override
	public Publication publishAt(Instant dueAt, Object event) {
		return this.bus.publishAt(dueAt, event);
	}

	@Override
	public Publication publishIn(Duration delay, Object event) {
		return this.bus.publishIn(delay, event);
	}

	@Override
	public Subscriptions subscriptions() {
		return this.bus.subscriptions();
	}

	@Override
	public EventQuery query() {
		return this.bus.query();
	}

	@Override
	public List<Event<Object>> history(String typePattern, int limit) {
		return this.bus.history(typePattern, limit);
	}

	@Override
	public EventReplay replay() {
		return this.bus.replay();
	}

	@Override
	public Replays replays() {
		return this.bus.replays();
	}

	@Override
	public ScheduledEvents scheduled() {
		return this.bus.scheduled();
	}

	@Override
	public Aggregations aggregations() {
		return this.bus.aggregations();
	}

	@Override
	public Sagas sagas() {
		return this.bus.sagas();
	}

	@Override
	public EventRequest<Object> request(Object event) {
		return this.bus.request(event);
	}

	@Override
	public <T> BatchEmitter<T> batch(String type, BatchOptions options) {
		return this.bus.batch(type, options);
	}

	@Override
	public DeadLetters deadLetters() {
		return this.bus.deadLetters();
	}

	@Override
	public DataSubjects dataSubjects() {
		return this.dataSubjects;
	}

	@Override
	public SchemaRegistry schemas() {
		return this.bus.schemas();
	}

	@Override
	public EventStats stats() {
		return this.bus.stats();
	}

}
