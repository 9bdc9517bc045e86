package dev.events;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.regex.Pattern;

import org.jspecify.annotations.Nullable;

/**
 * Definition of a process that goes on from event to event: it is started by an event,
 * keeps a state, and with each further event changes the state and publishes events. If
 * it cannot reach its end, it takes back what was done. Immutable.
 *
 * <pre>{@code
 * Saga<OrderState> orders = Saga.named("order", OrderState.class)
 *     .startsOn(OrderPlaced.class, (event, saga) -> {
 *         saga.publish(new PaymentRequested(event.data().id(), event.data().amount()));
 *         return OrderState.of(event.data());
 *     })
 *     .on(PaymentCompleted.class, (state, event, saga) -> {
 *         saga.publish(new InventoryRequested(state.id(), state.items()));
 *         return state.paid(event.data().payment());
 *     })
 *     .compensateWith((state, saga) -> {
 *         saga.publish(new RefundRequested(state.id(), state.payment()));
 *         return state;
 *     })
 *     .on(InventoryFailed.class, (state, event, saga) -> {
 *         saga.compensate("out of stock");
 *         return state;
 *     })
 *     .endsOn(InventoryReserved.class, (state, event, saga) -> state)
 *     .timeout(Duration.ofMinutes(15))
 *     .build();
 * }</pre>
 * <p>
 * The state and the events that a step publishes are stored in one step. Events of one
 * saga that are handled at the same time, by other partitions or nodes, take turns: the
 * later one is handled anew with the new state. An event that is delivered twice changes
 * nothing the second time. So a step has its effect exactly once, and must have no other
 * effects than through {@link SagaContext}: what calls something or writes somewhere
 * belongs into a subscriber to the events that the saga publishes.
 * <p>
 * Events of a saga that has ended are passed over, but for one case: when it was
 * compensated, for example because its time was over, and then an event comes whose step
 * has a compensation, that step is made without what it publishes, and compensated at
 * once. So a payment that was made too late is refunded, too.
 * <p>
 * An event whose saga does not exist (yet: its start may come through another partition)
 * waits as long as the {@link RetryPolicy} of the subscription lasts, and then becomes a
 * dead letter.
 *
 * @param <S> class of the state, written as JSON; fields that it does not know are passed
 * over when it is read, as those of events are
 */
public final class Saga<S> {

	private static final Pattern NAME = Pattern.compile("[A-Za-z0-9_-]+(\\.[A-Za-z0-9_-]+)*");

	private static final int MAX_NAME = 100;

	private static final String SUBSCRIPTION = "saga.";

	private final Builder<S> options;

	private final Map<String, Step<S>> steps;

	private Saga(Builder<S> options) {
		this.options = options;
		this.steps = Map.copyOf(options.steps);
	}

	/**
	 * Begins a definition.
	 * @param name what its sagas are stored under, together with their keys; under a new
	 * name there are none. Letters, digits and {@code _ -}, in parts joined by dots, at
	 * most 100 characters
	 * @param stateType class of the state
	 * @throws InvalidSubscriptionException when the name is not valid
	 */
	public static <S> Builder<S> named(String name, Class<S> stateType) {
		if (name.length() > MAX_NAME || !NAME.matcher(name).matches()) {
			throw new InvalidSubscriptionException("'" + name + "' is not a valid name of a saga: use at most "
					+ MAX_NAME + " letters, digits and the characters _ - and single dots between them");
		}
		return new Builder<>(name, Objects.requireNonNull(stateType, "stateType"));
	}

	/** The id of the subscription of a saga with this name. */
	public static String subscription(String name) {
		return SUBSCRIPTION + name;
	}

	/** Its name. */
	public String name() {
		return this.options.name;
	}

	/** The id of its durable subscription, {@code saga.} and the name. */
	public String subscription() {
		return subscription(this.options.name);
	}

	/** Class of the state. */
	public Class<S> stateType() {
		return this.options.stateType;
	}

	/** Its steps, by event type. */
	public Map<String, Step<S>> steps() {
		return this.steps;
	}

	/** Finds the key of the saga that an event is for. */
	public Function<Event<?>, @Nullable String> correlation() {
		return this.options.correlation;
	}

	/** How much time it has from its start, or {@code null} for any. */
	public @Nullable Duration timeout() {
		return this.options.timeout;
	}

	/** What it does when its time is over. */
	public SagaAction<S> onTimeout() {
		return this.options.onTimeout;
	}

	/** How long an ended saga is remembered. */
	public Duration retention() {
		return this.options.retention;
	}

	/** Whether events of sagas that do not exist are passed over in the end. */
	public boolean ignoresUnknown() {
		return this.options.ignoreUnknown;
	}

	/** Sets further options of its subscription. */
	public Consumer<Subscriber.Builder<Object>> subscriber() {
		return this.options.subscriber;
	}

	/**
	 * What a saga does with events of one type.
	 *
	 * @param <S> class of the state
	 * @param eventType type of the events
	 * @param dataType class as which their data is read
	 * @param start what to call to start a saga, or {@code null} when this does not
	 * @param handler what to call in a saga that runs, or {@code null} when this starts
	 * one
	 * @param ends whether the saga is over afterwards
	 * @param compensation what takes it back, or {@code null} when nothing has to
	 */
	public record Step<S>(String eventType, Class<?> dataType, @Nullable SagaStart<S, Object> start,
			@Nullable SagaHandler<S, Object> handler, boolean ends, @Nullable SagaAction<S> compensation) {

	}

	/**
	 * Collects the steps and options of a definition. Not thread-safe.
	 *
	 * @param <S> class of the state
	 */
	public static final class Builder<S> {

		/**
		 * Attempts at an event whose saga does not exist, see {@link #ignoreUnknown()}.
		 */
		public static final int UNKNOWN_ATTEMPTS = 5;

		private static final Duration LONGEST = Duration.ofDays(3660);

		private final String name;

		private final Class<S> stateType;

		private final Map<String, Step<S>> steps = new LinkedHashMap<>();

		private @Nullable Step<S> last;

		private Function<Event<?>, @Nullable String> correlation = Event::correlationId;

		private @Nullable Duration timeout;

		private SagaAction<S> onTimeout = (state, saga) -> {
			saga.compensate("timed out");
			return state;
		};

		private Duration retention = Duration.ofDays(7);

		private boolean ignoreUnknown;

		private Consumer<Subscriber.Builder<Object>> subscriber = (options) -> {
		};

		private Builder(String name, Class<S> stateType) {
			this.name = name;
			this.stateType = stateType;
		}

		private Builder(Builder<S> other) {
			this.name = other.name;
			this.stateType = other.stateType;
			this.steps.putAll(other.steps);
			this.correlation = other.correlation;
			this.timeout = other.timeout;
			this.onTimeout = other.onTimeout;
			this.retention = other.retention;
			this.ignoreUnknown = other.ignoreUnknown;
			this.subscriber = other.subscriber;
		}

		/**
		 * Finds the saga that an event is for by this instead of its correlation id; it
		 * sees the data as the step's class.
		 * @param correlation gives the key of the saga, at most 200 characters, or
		 * {@code null} when the event is for none
		 */
		public Builder<S> correlateBy(Function<Event<?>, @Nullable String> correlation) {
			this.correlation = Objects.requireNonNull(correlation, "correlation");
			return this;
		}

		/** Starts a saga with each event of this class, unless there is one already. */
		public <T> Builder<S> startsOn(Class<T> dataType, SagaStart<S, T> start) {
			return startsOn(EventTypeDescriptor.of(dataType).type(), dataType, start);
		}

		/**
		 * As {@link #startsOn(Class, SagaStart)}, with data as plain maps, lists,
		 * strings, numbers and booleans.
		 * @param eventType an event type, no pattern
		 */
		public Builder<S> startsOn(String eventType, SagaStart<S, Object> start) {
			return startsOn(eventType, Object.class, start);
		}

		@SuppressWarnings("unchecked") // the data is read as that class
		private <T> Builder<S> startsOn(String eventType, Class<T> dataType, SagaStart<S, T> start) {
			Objects.requireNonNull(start, "start");
			return add(new Step<>(eventType, dataType, (SagaStart<S, Object>) start, null, false, null));
		}

		/** Makes this step with each event of this class. */
		public <T> Builder<S> on(Class<T> dataType, SagaHandler<S, T> handler) {
			return on(EventTypeDescriptor.of(dataType).type(), dataType, handler, false);
		}

		/**
		 * As {@link #on(Class, SagaHandler)}, with data as plain maps, lists, strings,
		 * numbers and booleans.
		 * @param eventType an event type, no pattern
		 */
		public Builder<S> on(String eventType, SagaHandler<S, Object> handler) {
			return on(eventType, Object.class, handler, false);
		}

		/**
		 * As {@link #on(Class, SagaHandler)}, and completes the saga, unless the step
		 * compensates it.
		 */
		public <T> Builder<S> endsOn(Class<T> dataType, SagaHandler<S, T> handler) {
			return on(EventTypeDescriptor.of(dataType).type(), dataType, handler, true);
		}

		/**
		 * As {@link #on(String, SagaHandler)}, and completes the saga, unless the step
		 * compensates it.
		 */
		public Builder<S> endsOn(String eventType, SagaHandler<S, Object> handler) {
			return on(eventType, Object.class, handler, true);
		}

		@SuppressWarnings("unchecked") // the data is read as that class
		private <T> Builder<S> on(String eventType, Class<T> dataType, SagaHandler<S, T> handler, boolean ends) {
			Objects.requireNonNull(handler, "handler");
			return add(new Step<>(eventType, dataType, null, (SagaHandler<S, Object>) handler, ends, null));
		}

		private Builder<S> add(Step<S> step) {
			EventPattern pattern;
			try {
				pattern = EventPattern.of(step.eventType());
			}
			catch (InvalidEventException ex) {
				throw new InvalidSubscriptionException(problem(String.valueOf(ex.getMessage())), ex);
			}
			require(pattern.isLiteral(), "a step is for one event type; '" + step.eventType() + "' is a pattern");
			require(this.steps.putIfAbsent(step.eventType(), step) == null,
					"there are two steps for events of type '" + step.eventType() + "'");
			this.last = step;
			return this;
		}

		/**
		 * Takes back the step that was added last by this, when the saga is compensated
		 * after it.
		 */
		public Builder<S> compensateWith(SagaAction<S> compensation) {
			Step<S> step = this.last;
			require(step != null && step.compensation() == null,
					"compensateWith stands behind the step that it takes back, once");
			if (step != null) {
				this.last = new Step<>(step.eventType(), step.dataType(), step.start(), step.handler(), step.ends(),
						Objects.requireNonNull(compensation, "compensation"));
				this.steps.put(step.eventType(), this.last);
			}
			return this;
		}

		/** Compensates sagas that have not ended after this time. */
		public Builder<S> timeout(Duration timeout) {
			this.timeout = requireTime("timeout", timeout);
			return this;
		}

		/**
		 * Does this with sagas that have not ended after this time, or after the time
		 * that a step has {@linkplain SagaContext#timeoutIn asked for}.
		 */
		public Builder<S> timeout(Duration timeout, SagaAction<S> action) {
			this.onTimeout = Objects.requireNonNull(action, "action");
			return timeout(timeout);
		}

		/**
		 * Remembers ended sagas for this time, 7 days by default, and longer while one of
		 * their events may be delivered again: as long as the subscription is not past
		 * it, or it is parked or a dead letter. As long as one is remembered, events that
		 * come late are known to be late, and no event starts it again.
		 */
		public Builder<S> retention(Duration retention) {
			this.retention = requireTime("retention", retention);
			return this;
		}

		/**
		 * Passes over events of sagas that do not exist at their
		 * {@value #UNKNOWN_ATTEMPTS}th attempt, instead of making them dead letters in
		 * the end: for events that are mostly for others. Better still, let
		 * {@link #correlateBy} answer {@code null} for those.
		 */
		public Builder<S> ignoreUnknown() {
			this.ignoreUnknown = true;
			return this;
		}

		/**
		 * Sets options of the subscription, for example
		 * {@code options -> options.partitions(16)}; its id and its handler are the
		 * saga's.
		 */
		public Builder<S> subscriber(Consumer<Subscriber.Builder<Object>> options) {
			this.subscriber = Objects.requireNonNull(options, "options");
			return this;
		}

		/**
		 * Completes the definition.
		 * @throws InvalidSubscriptionException when nothing starts a saga
		 */
		public Saga<S> build() {
			require(this.steps.values().stream().anyMatch((step) -> step.start() != null),
					"nothing starts it; write startsOn(...)");
			return new Saga<>(new Builder<>(this));
		}

		private Duration requireTime(String what, Duration time) {
			require(!time.isNegative() && time.compareTo(LONGEST) <= 0,
					what + " is " + time + "; it must be from 0 to ten years");
			return time;
		}

		private void require(boolean condition, String message) {
			if (!condition) {
				throw new InvalidSubscriptionException(problem(message));
			}
		}

		private String problem(String message) {
			return "Saga '" + this.name + "': " + message;
		}

	}

}
