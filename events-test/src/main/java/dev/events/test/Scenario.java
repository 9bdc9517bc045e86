package dev.events.test;

import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BooleanSupplier;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.stream.Stream;

import dev.events.Event;
import dev.events.EventBus;
import dev.events.SubscriptionInfo;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionTimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * For tests of a whole application with a real store: do something, and wait until an
 * event is in the log, or anything else is true. Only events that were stored after the
 * stimulus count, so tests that share a log do not see those of others that came before.
 * Immutable and thread-safe.
 *
 * <pre>{@code
 * Scenario.on(events)
 *     .stimulate(() -> orders.pay(order.id()))
 *     .andWaitForEvent(OrderPaid.class)
 *     .matching((paid) -> paid.orderId().equals(order.id()))
 *     .toArrive();
 * }</pre>
 */
public final class Scenario {

	private static final Duration PATIENCE = Duration.ofSeconds(10);

	private static final Duration POLL_INTERVAL = Duration.ofMillis(20);

	private static final int SHOWN = 20;

	private final EventBus bus;

	private final Duration patience;

	private Scenario(EventBus bus, Duration patience) {
		this.bus = bus;
		this.patience = patience;
	}

	/** Begins a scenario; it waits for 10 s at most. */
	public static Scenario on(EventBus bus) {
		return new Scenario(bus, PATIENCE);
	}

	/** The same, waiting for so long at most. */
	public Scenario patience(Duration patience) {
		return new Scenario(this.bus, patience);
	}

	/** Publishes an event as the stimulus. */
	public Stimulated<Void> publish(Object event) {
		return stimulate(() -> {
			this.bus.publish(event);
		});
	}

	/** Does something, now. */
	public Stimulated<Void> stimulate(Runnable stimulus) {
		UUID newest = newest();
		stimulus.run();
		return new Stimulated<>(this, newest, null);
	}

	/**
	 * Does something, now, and keeps its result for what follows.
	 * @throws Exception what the stimulus throws
	 */
	public <R> Stimulated<R> stimulateAndReturn(Callable<R> stimulus) throws Exception {
		UUID newest = newest();
		return new Stimulated<>(this, newest, stimulus.call());
	}

	private @Nullable UUID newest() {
		return this.bus.query().newestFirst().list(1).stream().findFirst().map(Event::id).orElse(null);
	}

	/** What came into the log behind an event, newest first. */
	private List<Event<Object>> since(@Nullable UUID newest) {
		try (Stream<Event<Object>> events = this.bus.query().newestFirst().stream()) {
			return events.takeWhile((event) -> !event.id().equals(newest)).toList();
		}
	}

	private <T> Optional<Event<T>> find(@Nullable UUID newest, Class<T> dataType, Predicate<? super T> condition) {
		String type = EventMatch.type(dataType);
		long candidates = since(newest).stream().filter((event) -> event.type().equals(type)).count();
		try (Stream<Event<T>> events = this.bus.query().type(type).newestFirst().stream(dataType)) {
			return events.limit(candidates).filter((event) -> condition.test(event.data())).reduce((one, next) -> next);
		}
	}

	private void await(BooleanSupplier condition, Supplier<String> message) {
		try {
			Awaitility.await()
				.pollDelay(Duration.ZERO)
				.pollInterval(POLL_INTERVAL)
				.atMost(this.patience)
				.until(condition::getAsBoolean);
		}
		catch (ConditionTimeoutException ex) {
			throw new AssertionError(message.get(), ex);
		}
	}

	/**
	 * What has been stimulated.
	 *
	 * @param <R> type of the result of the stimulus
	 */
	public static final class Stimulated<R> {

		private final Scenario scenario;

		private final @Nullable UUID newest;

		private final @Nullable R result;

		private Stimulated(Scenario scenario, @Nullable UUID newest, @Nullable R result) {
			this.scenario = scenario;
			this.newest = newest;
			this.result = result;
		}

		/** What the stimulus returned; {@code null} when that was nothing. */
		public @Nullable R result() {
			return this.result;
		}

		/** Next, waits for an event of the type of a class. */
		public <T> ExpectedEvent<T> andWaitForEvent(Class<T> dataType) {
			return new ExpectedEvent<>(this, dataType, (data) -> true);
		}

		/**
		 * Waits until something is true.
		 * @throws AssertionError when it takes too long
		 */
		public Stimulated<R> andWaitUntil(BooleanSupplier condition) {
			this.scenario.await(condition,
					() -> "What was waited for did not come true within " + this.scenario.patience + present());
			return this;
		}

		/**
		 * Waits until a subscription has everything that is in the log, and nothing of it
		 * waits for another attempt.
		 * @param subscription its id
		 * @throws AssertionError when it takes too long
		 */
		public Stimulated<R> andWaitForDelivery(String subscription) {
			this.scenario.await(
					() -> subscription(subscription).filter((info) -> info.lag() == 0 && info.parked() == 0)
						.isPresent(),
					() -> "Not everything was delivered to '" + subscription + "' within " + this.scenario.patience
							+ ": " + subscription(subscription).map(SubscriptionInfo::toString)
								.orElse("there is no such subscription")
							+ present());
			return this;
		}

		private Optional<SubscriptionInfo> subscription(String id) {
			return this.scenario.bus.stats()
				.subscriptions()
				.stream()
				.filter((info) -> info.id().equals(id))
				.findFirst();
		}

		private String present() {
			return ". Since the stimulus there was"
					+ EventMatch.show(this.scenario.since(this.newest).stream().limit(SHOWN).toList());
		}

	}

	/**
	 * An event that is waited for.
	 *
	 * @param <T> type of its data
	 */
	public static final class ExpectedEvent<T> {

		private final Stimulated<?> stimulated;

		private final Class<T> dataType;

		private final Predicate<? super T> condition;

		private ExpectedEvent(Stimulated<?> stimulated, Class<T> dataType, Predicate<? super T> condition) {
			this.stimulated = stimulated;
			this.dataType = dataType;
			this.condition = condition;
		}

		/** Only one whose data meets this condition, too. */
		public ExpectedEvent<T> matching(Predicate<? super T> condition) {
			return new ExpectedEvent<>(this.stimulated, this.dataType,
					(data) -> this.condition.test(data) && condition.test(data));
		}

		/**
		 * Waits for it.
		 * @return the first one
		 * @throws AssertionError when none comes in time; the message lists what came
		 */
		public Event<T> toArrive() {
			Scenario scenario = this.stimulated.scenario;
			AtomicReference<@Nullable Event<T>> found = new AtomicReference<>();
			scenario.await(() -> {
				find().ifPresent(found::set);
				return found.get() != null;
			}, () -> "No event " + EventMatch.type(this.dataType) + " that matches came within " + scenario.patience
					+ this.stimulated.present());
			return Objects.requireNonNull(found.get());
		}

		private Optional<Event<T>> find() {
			return this.stimulated.scenario.find(this.stimulated.newest, this.dataType, this.condition);
		}

	}

}
