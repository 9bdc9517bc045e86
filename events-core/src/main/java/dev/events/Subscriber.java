package dev.events;

import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.function.Predicate;
import java.util.regex.Pattern;

import org.jspecify.annotations.Nullable;

/**
 * Code that handles events, with all options of its subscription. Immutable.
 *
 * <pre>{@code
 * events.subscribe(Subscriber.to("order.*").id("invoices").partitions(8)
 *     .where(event -> event.organization() != null)
 *     .handler(event -> invoices.write(event)));
 * }</pre>
 *
 * @param <T> type of the data that the handler receives
 */
public final class Subscriber<T> {

	private static final Pattern ID = Pattern.compile("[A-Za-z0-9._:#$-]{1,200}");

	private final Builder<T> options;

	private final EventFunction<T> function;

	private Subscriber(Builder<T> options, EventFunction<T> function) {
		this.options = options;
		this.function = function;
	}

	/**
	 * Begins a subscriber that receives data as plain maps, lists, strings, numbers and
	 * booleans.
	 * @param patterns see {@link EventPattern}
	 * @throws InvalidSubscriptionException when a pattern is not valid or there is none
	 */
	public static Builder<Object> to(String... patterns) {
		return new Builder<>(Object.class, patterns(patterns));
	}

	/**
	 * Begins a subscriber to the event type of a class.
	 * @param dataType a class that carries {@link EventType}
	 */
	public static <T> Builder<T> to(Class<T> dataType) {
		return new Builder<>(dataType, patterns(EventTypeDescriptor.of(dataType).type()));
	}

	private static List<EventPattern> patterns(String... patterns) {
		if (patterns.length == 0) {
			throw new InvalidSubscriptionException("A subscriber needs at least one event type or pattern");
		}
		try {
			return List.of(patterns).stream().map(EventPattern::of).distinct().toList();
		}
		catch (InvalidEventException ex) {
			throw new InvalidSubscriptionException(String.valueOf(ex.getMessage()), ex);
		}
	}

	/** Id of the subscription, or {@code null} when it is not durable. */
	public @Nullable String id() {
		return this.options.id;
	}

	/** Which event types it receives. */
	public List<EventPattern> patterns() {
		return this.options.patterns;
	}

	/** Class or generic type as which the data is read. */
	public java.lang.reflect.Type dataType() {
		return this.options.dataType;
	}

	/** What to call. */
	public EventFunction<T> function() {
		return this.function;
	}

	/** Which events it takes besides the pattern; sees data as plain maps and lists. */
	public @Nullable Predicate<Event<Object>> filter() {
		return this.options.filter;
	}

	/** Whether it runs in the publisher's thread, before the event is stored. */
	public boolean synchronous() {
		return this.options.synchronous;
	}

	/** Higher runs first, among synchronous subscribers. */
	public int priority() {
		return this.options.priority;
	}

	/** Its own retry policy, or {@code null} for the bus' default. */
	public @Nullable RetryPolicy retry() {
		return this.options.retry;
	}

	/** Attempts in all, or 0 for those of the retry policy. */
	public int maxAttempts() {
		return this.options.maxAttempts;
	}

	/** Number of partitions, or 0 for the bus' default. */
	public int partitions() {
		return this.options.partitions;
	}

	/** Where it begins when it is new. */
	public StartPosition startAt() {
		return this.options.startAt;
	}

	/** What happens to later events of a key after a dead letter. */
	public AfterDeadLetter afterDeadLetter() {
		return this.options.afterDeadLetter;
	}

	/** Organization it is limited to, or {@code null}. */
	public @Nullable String organization() {
		return this.options.organization;
	}

	/** Sources whose events it passes over. */
	public Set<String> ignoreSources() {
		return this.options.ignoreSources;
	}

	/**
	 * Whether an event with this envelope is for the subscriber, its filter aside.
	 */
	public boolean accepts(String type, String source, @Nullable String organization) {
		if (this.options.organization != null && !this.options.organization.equals(organization)) {
			return false;
		}
		if (this.options.ignoreSources.contains(source)) {
			return false;
		}
		for (EventPattern pattern : this.options.patterns) {
			if (pattern.matches(type)) {
				return true;
			}
		}
		return false;
	}

	/** A builder with the same options. */
	public Builder<T> toBuilder() {
		return new Builder<>(this.options);
	}

	/**
	 * Collects options. Not thread-safe.
	 *
	 * @param <T> type of the data that the handler receives
	 */
	public static final class Builder<T> {

		private final java.lang.reflect.Type dataType;

		private final List<EventPattern> patterns;

		private @Nullable String id;

		private @Nullable Predicate<Event<Object>> filter;

		private boolean synchronous;

		private int priority;

		private @Nullable RetryPolicy retry;

		private int maxAttempts;

		private int partitions;

		private StartPosition startAt = StartPosition.HEAD;

		private AfterDeadLetter afterDeadLetter = AfterDeadLetter.CONTINUE;

		private @Nullable String organization;

		private Set<String> ignoreSources = Set.of();

		private Builder(java.lang.reflect.Type dataType, List<EventPattern> patterns) {
			this.dataType = dataType;
			this.patterns = patterns;
		}

		private Builder(Builder<?> other) {
			this(other, other.dataType);
		}

		private Builder(Builder<?> other, java.lang.reflect.Type dataType) {
			this.dataType = dataType;
			this.patterns = other.patterns;
			this.id = other.id;
			this.filter = other.filter;
			this.synchronous = other.synchronous;
			this.priority = other.priority;
			this.retry = other.retry;
			this.maxAttempts = other.maxAttempts;
			this.partitions = other.partitions;
			this.startAt = other.startAt;
			this.afterDeadLetter = other.afterDeadLetter;
			this.organization = other.organization;
			this.ignoreSources = other.ignoreSources;
		}

		/** Reads the data as this class. */
		public <R> Builder<R> as(Class<R> dataType) {
			return new Builder<>(this, dataType);
		}

		/** Reads the data as this generic type; the caller vouches for {@code R}. */
		public <R> Builder<R> as(java.lang.reflect.Type dataType) {
			return new Builder<>(this, dataType);
		}

		/**
		 * Makes the subscription durable under this id.
		 * @throws InvalidSubscriptionException when the id has other characters than
		 * letters, digits and {@code . _ : # $ -}, or more than 200
		 */
		public Builder<T> id(String id) {
			if (!ID.matcher(id).matches()) {
				throw new InvalidSubscriptionException("'" + id + "' is not a valid subscription id: use 1 to 200 "
						+ "letters, digits and the characters . _ : # $ -");
			}
			this.id = id;
			return this;
		}

		/**
		 * Takes only events for which this is true; it sees data as plain maps and lists.
		 */
		public Builder<T> where(Predicate<Event<Object>> filter) {
			this.filter = (this.filter != null) ? this.filter.and(filter) : filter;
			return this;
		}

		/** Runs in the publisher's thread and transaction, before the event is stored. */
		public Builder<T> synchronous() {
			this.synchronous = true;
			return this;
		}

		/** Among synchronous subscribers, higher runs first; 0 by default. */
		public Builder<T> priority(int priority) {
			this.priority = priority;
			return this;
		}

		/** Retries by this policy instead of the bus' default. */
		public Builder<T> retry(RetryPolicy retry) {
			this.retry = Objects.requireNonNull(retry, "retry");
			return this;
		}

		/** Tries so many times in all, 1 or more. */
		public Builder<T> maxAttempts(int maxAttempts) {
			this.maxAttempts = requireBetween("maxAttempts", maxAttempts, 1, 1_000_000);
			return this;
		}

		/**
		 * Handles up to so many events at the same time in the whole cluster, 1 to 1024.
		 */
		public Builder<T> partitions(int partitions) {
			this.partitions = requireBetween("partitions", partitions, 1, 1024);
			return this;
		}

		/** Begins here when the store does not know the subscription yet. */
		public Builder<T> startAt(StartPosition startAt) {
			this.startAt = startAt;
			return this;
		}

		/** What happens to later events of a key after a dead letter. */
		public Builder<T> afterDeadLetter(AfterDeadLetter afterDeadLetter) {
			this.afterDeadLetter = afterDeadLetter;
			return this;
		}

		/** Takes only events of this organization. */
		public Builder<T> organization(String organization) {
			this.organization = organization;
			return this;
		}

		/** Passes over events of these sources. */
		public Builder<T> ignoreSources(String... sources) {
			this.ignoreSources = Set.of(sources);
			return this;
		}

		/** Completes the subscriber with a handler. */
		public Subscriber<T> handler(EventHandler<T> handler) {
			return function((event, delivery) -> {
				handler.handle(event);
				return null;
			});
		}

		/**
		 * Completes the subscriber with a handler that may answer with further events.
		 */
		public Subscriber<T> function(EventFunction<T> function) {
			return new Subscriber<>(new Builder<>(this), Objects.requireNonNull(function, "function"));
		}

		private static int requireBetween(String name, int value, int min, int max) {
			if (value < min || value > max) {
				throw new InvalidSubscriptionException(
						name + " is " + value + "; it must be from " + min + " to " + max);
			}
			return value;
		}

	}

}
