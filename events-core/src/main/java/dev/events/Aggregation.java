package dev.events;

import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.regex.Pattern;

import org.jspecify.annotations.Nullable;

/**
 * Definition of how events of the same key that come within some time become one event.
 * Immutable.
 *
 * <pre>{@code
 * Aggregation<?, ?> activity = Aggregation.named("user-activity")
 *     .on("user.*")
 *     .by(Event::key)
 *     .debounce(Duration.ofSeconds(2), Duration.ofMinutes(1))
 *     .into(Activity.class, Activity::none, (activity, event) -> activity.plus(event.type()))
 *     .maxEvents(1000)
 *     .publishAs("user.activity", (activity, window) -> activity);
 * }</pre>
 * <p>
 * The first event of a key opens a window; its time is the store's when the event is
 * added, not that of the event. With the event that ends it, or when its time is over,
 * the result is published: within about a second, on whichever node. What is gathered and
 * which events were added is kept in the store and changed in one step, as are the end of
 * a window and its result. So each event is in one window, and each window has one
 * result, also when events are delivered twice and nodes die. Moving the subscription
 * back on purpose adds again what it delivers again.
 * <p>
 * Events that the aggregation itself has published, those of the type of its results, are
 * passed over, so its pattern may match them.
 *
 * @param <T> class of the events' data
 * @param <A> class of what is gathered, written as JSON and, where it is marked so,
 * encrypted; what was encrypted in the events is not encrypted here unless it is marked
 * here, too
 */
public final class Aggregation<T, A> {

	private static final Pattern NAME = Pattern.compile("[A-Za-z0-9_-]+(\\.[A-Za-z0-9_-]+)*");

	private static final int MAX_NAME = 100;

	private static final String SUBSCRIPTION = "aggregation.";

	private final Builder<T, A> options;

	private final String resultType;

	private final AggregationResult<A, ?> result;

	private Aggregation(Builder<T, A> options, String resultType, AggregationResult<A, ?> result) {
		this.options = options;
		this.resultType = resultType;
		this.result = result;
	}

	/**
	 * Begins a definition.
	 * @param name what its windows are stored under, together with their keys; letters,
	 * digits and {@code _ -}, in parts joined by dots, at most 100 characters
	 * @throws InvalidSubscriptionException when the name is not valid
	 */
	public static Source named(String name) {
		if (name.length() > MAX_NAME || !NAME.matcher(name).matches()) {
			throw new InvalidSubscriptionException("'" + name + "' is not a valid name of an aggregation: use at most "
					+ MAX_NAME + " letters, digits and the characters _ - and single dots between them");
		}
		return new Source(name);
	}

	/** The id of the subscription of an aggregation with this name. */
	public static String subscription(String name) {
		return SUBSCRIPTION + name;
	}

	/** Its name. */
	public String name() {
		return this.options.name;
	}

	/** The id of its durable subscription, {@code aggregation.} and the name. */
	public String subscription() {
		return subscription(this.options.name);
	}

	/** Begins the subscriber to its events. */
	public Subscriber.Builder<T> subscriber() {
		Subscriber.Builder<T> subscriber = this.options.source.get();
		this.options.subscriber.accept(subscriber);
		return subscriber;
	}

	/** Gives the key of the window that an event is for. */
	public Function<? super Event<T>, @Nullable String> key() {
		return this.options.key;
	}

	/** How long a window is open after its first event, at most. */
	public Duration longest() {
		return this.options.longest;
	}

	/**
	 * How long a window is open after its last event, or {@code null} when further events
	 * change nothing about its end.
	 */
	public @Nullable Duration quiet() {
		return this.options.quiet;
	}

	/** Class of what is gathered. */
	public Class<A> gatheredType() {
		return this.options.gatheredType;
	}

	/** What a window begins with. */
	public Supplier<A> initial() {
		return this.options.initial;
	}

	/** Adds an event. */
	public AggregationFold<A, T> fold() {
		return this.options.fold;
	}

	/** How many events end a window. */
	public int maxEvents() {
		return this.options.maxEvents;
	}

	/** How large what is gathered may be, in bytes of JSON. */
	public int maxBytes() {
		return this.options.maxBytes;
	}

	/** Type of the events that it publishes. */
	public String resultType() {
		return this.resultType;
	}

	/** Makes the data of what it publishes. */
	public AggregationResult<A, ?> result() {
		return this.result;
	}

	/**
	 * Asks which events to aggregate.
	 */
	public static final class Source {

		private final String name;

		private Source(String name) {
			this.name = name;
		}

		/**
		 * Events of these types, with data as plain maps, lists, strings, numbers and
		 * booleans.
		 * @param patterns see {@link EventPattern}
		 * @throws InvalidSubscriptionException when a pattern is not valid or there is
		 * none
		 */
		public Timing<Object> on(String... patterns) {
			return timing(() -> Subscriber.to(patterns));
		}

		/** Events of the type of this class. */
		public <T> Timing<T> on(Class<T> dataType) {
			return timing(() -> Subscriber.to(dataType));
		}

		/** Events of these types, with data read as this class. */
		public <T> Timing<T> on(Class<T> dataType, String... patterns) {
			return timing(() -> Subscriber.to(patterns).as(dataType));
		}

		private <T> Timing<T> timing(Supplier<Subscriber.Builder<T>> source) {
			Objects.requireNonNull(source.get(), "source");
			return new Timing<>(this.name, source);
		}

	}

	/**
	 * Asks what events have in common, and when a window ends.
	 *
	 * @param <T> class of the events' data
	 */
	public static final class Timing<T> {

		private static final Duration SHORTEST = Duration.ofMillis(1);

		private static final Duration LONGEST = Duration.ofDays(366);

		private final String name;

		private final Supplier<Subscriber.Builder<T>> source;

		private Function<? super Event<T>, @Nullable String> key = Event::key;

		private Duration longest = LONGEST;

		private @Nullable Duration quiet;

		private Timing(String name, Supplier<Subscriber.Builder<T>> source) {
			this.name = name;
			this.source = source;
		}

		/**
		 * Puts events together by this instead of their key. Those of different keys are
		 * then added in whichever order they come.
		 * @param key gives 1 to 200 characters, or {@code null} when the event is for no
		 * window
		 */
		public Timing<T> by(Function<? super Event<T>, @Nullable String> key) {
			this.key = Objects.requireNonNull(key, "key");
			return this;
		}

		/**
		 * Ends a window when this time has passed since its first event: windows of one
		 * key follow one another without overlapping, and those of different keys do not
		 * end all at once.
		 * @param length from a millisecond to a year
		 */
		public Gathering<T> tumbling(Duration length) {
			this.longest = requireTime("the length of a window", length);
			return new Gathering<>(this);
		}

		/**
		 * Ends a window when this time has passed since its last event.
		 * @param quiet from a millisecond to a year
		 * @param longest how long it lasts at most, if events do not cease
		 */
		public Gathering<T> debounce(Duration quiet, Duration longest) {
			this.quiet = requireTime("the quiet time", quiet);
			this.longest = requireTime("the longest time", longest);
			require(this.name, quiet.compareTo(longest) <= 0,
					"the longest time is " + longest + "; it must not be shorter than the quiet time, " + quiet);
			return new Gathering<>(this);
		}

		private Duration requireTime(String what, Duration time) {
			require(this.name, time.compareTo(SHORTEST) >= 0 && time.compareTo(LONGEST) <= 0,
					what + " is " + time + "; it must be from a millisecond to a year");
			return time;
		}

	}

	/**
	 * Asks what to gather.
	 *
	 * @param <T> class of the events' data
	 */
	public static final class Gathering<T> {

		private final Timing<T> timing;

		private Gathering(Timing<T> timing) {
			this.timing = timing;
		}

		/**
		 * Gathers events in an object of this class.
		 * @param gatheredType class of what is gathered; Jackson must be able to write it
		 * and read it
		 * @param initial makes what a window begins with, a new one each time unless it
		 * is immutable
		 * @param fold adds an event
		 */
		public <A> Builder<T, A> into(Class<A> gatheredType, Supplier<A> initial, AggregationFold<A, T> fold) {
			return new Builder<>(this.timing, Objects.requireNonNull(gatheredType, "gatheredType"),
					Objects.requireNonNull(initial, "initial"), Objects.requireNonNull(fold, "fold"));
		}

	}

	/**
	 * Collects the rest of a definition. Not thread-safe.
	 *
	 * @param <T> class of the events' data
	 * @param <A> class of what is gathered
	 */
	public static final class Builder<T, A> {

		private static final int MAX_EVENTS = 1_000_000;

		private static final int MAX_BYTES = 1 << 19;

		private final String name;

		private final Supplier<Subscriber.Builder<T>> source;

		private final Function<? super Event<T>, @Nullable String> key;

		private final Duration longest;

		private final @Nullable Duration quiet;

		private final Class<A> gatheredType;

		private final Supplier<A> initial;

		private final AggregationFold<A, T> fold;

		private int maxEvents = 1000;

		private int maxBytes = 1 << 16;

		private Consumer<Subscriber.Builder<T>> subscriber = (options) -> {
		};

		private Builder(Timing<T> timing, Class<A> gatheredType, Supplier<A> initial, AggregationFold<A, T> fold) {
			this.name = timing.name;
			this.source = timing.source;
			this.key = timing.key;
			this.longest = timing.longest;
			this.quiet = timing.quiet;
			this.gatheredType = gatheredType;
			this.initial = initial;
			this.fold = fold;
		}

		private Builder(Builder<T, A> other) {
			this.name = other.name;
			this.source = other.source;
			this.key = other.key;
			this.longest = other.longest;
			this.quiet = other.quiet;
			this.gatheredType = other.gatheredType;
			this.initial = other.initial;
			this.fold = other.fold;
			this.maxEvents = other.maxEvents;
			this.maxBytes = other.maxBytes;
			this.subscriber = other.subscriber;
		}

		/** Ends a window with so many events, 1 to 1,000,000; 1,000 by default. */
		public Builder<T, A> maxEvents(int maxEvents) {
			require(this.name, maxEvents >= 1 && maxEvents <= MAX_EVENTS,
					"maxEvents is " + maxEvents + "; it must be from 1 to " + MAX_EVENTS);
			this.maxEvents = maxEvents;
			return this;
		}

		/**
		 * Ends a window in front of the event with which more than this would be
		 * gathered, measured in bytes of JSON as it is stored; 1 to 524,288, 65,536 by
		 * default. With one event alone it may be more, and the window ends with it. It
		 * is read and written with every commit, so small is fast.
		 */
		public Builder<T, A> maxBytes(int maxBytes) {
			require(this.name, maxBytes >= 1 && maxBytes <= MAX_BYTES,
					"maxBytes is " + maxBytes + "; it must be from 1 to " + MAX_BYTES);
			this.maxBytes = maxBytes;
			return this;
		}

		/**
		 * Sets options of the subscription, for example
		 * {@code options -> options.partitions(16).batch(500)}; its id and its handler
		 * are the aggregation's.
		 */
		public Builder<T, A> subscriber(Consumer<Subscriber.Builder<T>> options) {
			this.subscriber = Objects.requireNonNull(options, "options");
			return this;
		}

		/**
		 * Completes the definition.
		 * @param resultType type of the events to publish; their key is that of the
		 * window
		 * @param result makes their data
		 * @throws InvalidSubscriptionException when the type is not valid
		 */
		public Aggregation<T, A> publishAs(String resultType, AggregationResult<A, ?> result) {
			try {
				require(this.name, EventPattern.of(resultType).isLiteral(),
						"it publishes events of one type; '" + resultType + "' is a pattern");
			}
			catch (InvalidEventException ex) {
				throw new InvalidSubscriptionException(problem(this.name, String.valueOf(ex.getMessage())), ex);
			}
			return new Aggregation<>(new Builder<>(this), resultType, Objects.requireNonNull(result, "result"));
		}

		/**
		 * Completes the definition.
		 * @param resultType a class that carries {@link EventType}
		 * @param result makes data of that class; where it says nothing about its key it
		 * is that of the window
		 */
		public <R> Aggregation<T, A> publishAs(Class<R> resultType, AggregationResult<A, R> result) {
			return publishAs(EventTypeDescriptor.of(resultType).type(), result);
		}

	}

	private static void require(String name, boolean condition, String message) {
		if (!condition) {
			throw new InvalidSubscriptionException(problem(name, message));
		}
	}

	private static String problem(String name, String message) {
		return "Aggregation '" + name + "': " + message;
	}

}
