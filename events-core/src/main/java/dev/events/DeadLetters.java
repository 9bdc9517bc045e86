package dev.events;

import java.util.List;
import java.util.Optional;
import java.util.UUID;

import org.jspecify.annotations.Nullable;

/**
 * The dead letter queue: deliveries that failed on their last attempt, or that could
 * never succeed. No operation moves a subscription's cursor. Thread-safe.
 *
 * <pre>{@code
 * events.deadLetters().list(Filter.all().subscription("audit"), 20, null);
 * events.deadLetters().retryAll(Filter.all().type("order.*"));
 * }</pre>
 */
public interface DeadLetters {

	/**
	 * One page, oldest first.
	 * @param filter which ones
	 * @param size at most so many, 1 to 1,000
	 * @param after {@link Page#next()} of the page before, or {@code null} for the first
	 */
	Page list(Filter filter, int size, @Nullable String after);

	/** One of them. */
	Optional<DeadLetter> find(UUID id);

	/** How many there are. */
	long count(Filter filter);

	/**
	 * Delivers again, with a fresh count of attempts.
	 * @return whether there was such a dead letter
	 */
	boolean retry(UUID id);

	/**
	 * Delivers again with other data; the stored event stays as it is. The data is of the
	 * version of the {@linkplain DeadLetter#event() event as it is stored}: it must fit
	 * that schema, if there is one, and goes through the same upcasters. Whoever calls
	 * this must be allowed to publish it.
	 * @param data anything that Jackson can write as JSON
	 * @return whether there was such a dead letter
	 * @throws SchemaViolationException when the data does not fit its schema
	 * @throws InvalidEventException when the data is {@code null}, too large or not
	 * valid, an object of a class of another version, or is to be encrypted where the
	 * stored data is not
	 * @throws EventAccessDeniedException when an {@link EventAccessPolicy} refuses the
	 * event with the new data
	 */
	boolean retry(UUID id, Object data);

	/**
	 * Retries all that match.
	 * @return how many
	 */
	int retryAll(Filter filter);

	/**
	 * Lets later events of the same key go on, but keeps the dead letter. Does nothing
	 * unless it is {@link DeadLetter#holding()}.
	 * @return whether there was such a dead letter
	 */
	boolean skip(UUID id);

	/**
	 * Deletes one for good; what waited for it goes on.
	 * @return whether there was such a dead letter
	 */
	boolean discard(UUID id);

	/**
	 * Discards all that match.
	 * @return how many
	 */
	int discardAll(Filter filter);

	/**
	 * A page of dead letters.
	 *
	 * @param deadLetters the dead letters
	 * @param next where the next page begins, or {@code null} after the last one
	 */
	record Page(List<DeadLetter> deadLetters, @Nullable String next) {

	}

	/**
	 * Which dead letters; all conditions must hold. Immutable.
	 *
	 * @param subscription id of the subscription, or {@code null} for any
	 * @param type event type pattern, or {@code null} for any
	 */
	record Filter(@Nullable String subscription, @Nullable EventPattern type) {

		/** Every dead letter. */
		public static Filter all() {
			return new Filter(null, null);
		}

		/** Those of this subscription. */
		public Filter subscription(@Nullable String subscription) {
			return new Filter(subscription, this.type);
		}

		/**
		 * Those with an event of this type.
		 * @throws InvalidEventException when the pattern is not valid
		 */
		public Filter type(@Nullable String pattern) {
			return new Filter(this.subscription, (pattern != null) ? EventPattern.of(pattern) : null);
		}

	}

}
