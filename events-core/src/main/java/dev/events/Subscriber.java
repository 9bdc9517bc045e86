package dev.events;

import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Consumer;
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

	private final @Nullable EventBatchHandler<T> batchHandler;

	private Subscriber(Builder<T> options, EventFunction<T> function, @Nullable EventBatchHandler<T> batchHandler) {
		options.validate(batchHandler != null);
		this.options = options;
		this.function = function;
		this.batchHandler = batchHandler;
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

	/** Class or generic type as which the data of events of this type is read. */
	public java.lang.reflect.Type dataType(String eventType) {
		return this.options.dataTypes.getOrDefault(eventType, this.options.dataType);
	}

	/** What to call with one event. */
	public EventFunction<T> function() {
		return this.function;
	}

	/** What to call with several events, or {@code null} when it takes one at a time. */
	public @Nullable EventBatchHandler<T> batchHandler() {
		return this.batchHandler;
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

	/** Whether handler and cursor share one database transaction. */
	public boolean transactional() {
		return this.options.transactional;
	}

	/** Whether stored events may be replayed to it. */
	public boolean replay() {
		return this.options.replay;
	}

	/** Whether every node gets every event. */
	public boolean broadcast() {
		return this.options.broadcast;
	}

	/**
	 * Whether it has a cursor in the store: it has an id, is asynchronous and no
	 * broadcast.
	 */
	public boolean isDurable() {
		return this.options.id != null && !this.options.synchronous && !this.options.broadcast;
	}

	/** Most calls at the same time on one node, or 0 for one for each partition. */
	public int concurrency() {
		return this.options.concurrency;
	}

	/**
	 * How long one call may take, {@link Duration#ZERO} for any time, or {@code null} for
	 * the bus' default.
	 */
	public @Nullable Duration timeout() {
		return this.options.timeout;
	}

	/** Most events of a batch; 1 when it takes one at a time. */
	public int batchSize() {
		if (this.batchHandler == null) {
			return 1;
		}
		return (this.options.batchSize > 0) ? this.options.batchSize : Builder.DEFAULT_BATCH_SIZE;
	}

	/** How long a batch that is not full waits for more events. */
	public Duration batchWait() {
		return this.options.batchWait;
	}

	/**
	 * Whether one of the patterns matches a type.
	 */
	public boolean matches(String type) {
		for (EventPattern pattern : this.options.patterns) {
			if (pattern.matches(type)) {
				return true;
			}
		}
		return false;
	}

	/**
	 * Whether an event from this source, of this organization and with this metadata is
	 * for the subscriber, its type and the filter aside.
	 */
	public boolean accepts(String source, @Nullable String organization, Map<String, String> metadata) {
		return (this.options.organization == null || this.options.organization.equals(organization))
				&& !this.options.ignoreSources.contains(source) && (this.options.metadata.isEmpty()
						|| metadata.entrySet().containsAll(this.options.metadata.entrySet()));
	}

	/** Metadata entries that events must have. */
	public Map<String, String> metadata() {
		return this.options.metadata;
	}

	/** Sources whose events it takes; empty for all. */
	public Set<String> sources() {
		return this.options.sources;
	}

	/** Whether it takes events of this source; others are refused, not passed over. */
	public boolean trusts(String source) {
		return this.options.sources.isEmpty() || this.options.sources.contains(source);
	}

	/**
	 * A copy with other options.
	 * @param change told to change a builder that has the present options
	 * @throws InvalidSubscriptionException when the options do not go together
	 */
	public Subscriber<T> with(Consumer<Builder<T>> change) {
		Builder<T> changed = new Builder<>(this.options);
		change.accept(changed);
		return new Subscriber<>(changed, this.function, this.batchHandler);
	}

	/**
	 * Collects options. Not thread-safe.
	 *
	 * @param <T> type of the data that the handler receives
	 */
	public static final class Builder<T> {

		private static final int DEFAULT_BATCH_SIZE = 100;

		private static final Duration MAX_BATCH_WAIT = Duration.ofMinutes(1);

		private final java.lang.reflect.Type dataType;

		private final List<EventPattern> patterns;

		// of event types that are read as something else
		private Map<String, java.lang.reflect.Type> dataTypes = Map.of();

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

		private Set<String> sources = Set.of();

		private Map<String, String> metadata = Map.of();

		private boolean transactional;

		private boolean replay = true;

		private boolean broadcast;

		private int concurrency;

		private @Nullable Duration timeout;

		// 0 where nothing was said
		private int batchSize;

		private Duration batchWait = Duration.ZERO;

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
			this.dataTypes = other.dataTypes;
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
			this.sources = other.sources;
			this.metadata = other.metadata;
			this.transactional = other.transactional;
			this.replay = other.replay;
			this.broadcast = other.broadcast;
			this.concurrency = other.concurrency;
			this.timeout = other.timeout;
			this.batchSize = other.batchSize;
			this.batchWait = other.batchWait;
		}

		/** Reads the data as this class. */
		public <R> Builder<R> as(Class<R> dataType) {
			return new Builder<>(this, dataType);
		}

		/**
		 * Reads the data of events of one type as this class, whatever that of others is
		 * read as.
		 * @param eventType an event type, no pattern
		 */
		public Builder<T> as(String eventType, Class<? extends T> dataType) {
			Map<String, java.lang.reflect.Type> types = new HashMap<>(this.dataTypes);
			types.put(eventType, dataType);
			this.dataTypes = Map.copyOf(types);
			return this;
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

		/**
		 * Takes only events of these sources; others are refused, counted and audited,
		 * see {@link EventAccessPolicy}.
		 */
		public Builder<T> sources(String... sources) {
			this.sources = Set.of(sources);
			return this;
		}

		/**
		 * Takes only events with this entry in their metadata, besides others that were
		 * asked for; the data of the rest is not even read.
		 */
		public Builder<T> metadata(String name, String value) {
			Map<String, String> merged = new HashMap<>(this.metadata);
			merged.put(name, value);
			this.metadata = Map.copyOf(merged);
			return this;
		}

		/**
		 * Runs the handler in a database transaction in which the cursor moves, too: what
		 * the handler writes in that database is written exactly once, whatever crashes.
		 * Needs a store in the same database, and an id.
		 */
		public Builder<T> transactional() {
			return transactional(true);
		}

		/**
		 * As {@link #transactional()}, or, with {@code false}, not so: the handler runs
		 * at least once, in no transaction of ours.
		 */
		public Builder<T> transactional(boolean transactional) {
			this.transactional = transactional;
			return this;
		}

		/**
		 * Whether stored events may be replayed to it, which they may by default; if not,
		 * starting a replay for it is refused.
		 */
		public Builder<T> replay(boolean replay) {
			this.replay = replay;
			return this;
		}

		/**
		 * Delivers every event to every node, from the moment the node subscribes,
		 * instead of to one node of the cluster; nothing is kept across restarts. For
		 * caches and open connections.
		 */
		public Builder<T> broadcast() {
			this.broadcast = true;
			return this;
		}

		/**
		 * Calls the handler at most so many times at once on one node, 1 or more, however
		 * many partitions the node has.
		 */
		public Builder<T> concurrency(int concurrency) {
			this.concurrency = requireBetween("concurrency", concurrency, 1, 1024);
			return this;
		}

		/**
		 * Interrupts a call of the handler that takes longer, whereupon the attempt has
		 * failed; {@link Duration#ZERO} lets it take any time.
		 */
		public Builder<T> timeout(Duration timeout) {
			if (timeout.isNegative()) {
				throw new InvalidSubscriptionException("timeout is " + timeout + "; it must not be negative");
			}
			this.timeout = timeout;
			return this;
		}

		/**
		 * Hands a batch handler up to so many events at once, 1 to 10000; 100 by default.
		 */
		public Builder<T> batch(int size) {
			this.batchSize = requireBetween("batchSize", size, 1, 10_000);
			return this;
		}

		/**
		 * Lets a batch that is not full wait so long for more events, up to a minute;
		 * {@link Duration#ZERO}, which is the default, for not at all.
		 */
		public Builder<T> batchWait(Duration wait) {
			if (wait.isNegative() || wait.compareTo(MAX_BATCH_WAIT) > 0) {
				throw new InvalidSubscriptionException("batchWait is " + wait + "; it must be from 0 to 1 minute");
			}
			this.batchWait = wait;
			return this;
		}

		private void validate(boolean batch) {
			require(!(this.synchronous && this.transactional),
					"A synchronous subscriber takes part in the publisher's transaction; leave out transactional");
			require(!(this.synchronous && this.broadcast),
					"A synchronous subscriber runs where the event is published; leave out broadcast or synchronous");
			require(!(this.synchronous && batch),
					"A synchronous subscriber gets one event at a time; leave out synchronous, or take one event");
			require(batch || this.batchSize == 0 && this.batchWait.isZero(),
					"batch and batchWait are for a handler that takes several events; write batchHandler(...)");
			require(!(this.synchronous && (this.concurrency > 0 || this.timeout != null)),
					"A synchronous subscriber runs in the publisher's thread; leave out concurrency and timeout");
			require(!(this.transactional && this.broadcast),
					"A broadcast subscriber has no cursor that a transaction could move; leave out transactional or "
							+ "broadcast");
			require(!(this.transactional && this.id == null),
					"A transactional subscriber needs an id, under which its cursor is kept");
			require(!(this.broadcast && this.startAt != StartPosition.HEAD),
					"A broadcast subscriber begins with the next event; leave out startAt");
		}

		private static void require(boolean condition, String message) {
			if (!condition) {
				throw new InvalidSubscriptionException(message);
			}
		}

		/** Completes the subscriber with a handler. */
		public Subscriber<T> handler(EventHandler<T> handler) {
			Objects.requireNonNull(handler, "handler");
			return function(EventFunction.answeringNothing((event, delivery) -> {
				handler.handle(event);
				return null;
			}));
		}

		/**
		 * Completes the subscriber with a handler that may answer with further events.
		 */
		public Subscriber<T> function(EventFunction<T> function) {
			return new Subscriber<>(new Builder<>(this), Objects.requireNonNull(function, "function"), null);
		}

		/** Completes the subscriber with a handler that takes several events at once. */
		public Subscriber<T> batchHandler(EventBatchHandler<T> handler) {
			Objects.requireNonNull(handler, "handler");
			EventFunction<T> single = EventFunction.answeringNothing((event, delivery) -> {
				handler.handle(List.of(event), delivery);
				return null;
			});
			return new Subscriber<>(new Builder<>(this), single, handler);
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
