package dev.events;

import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;

import org.jspecify.annotations.Nullable;

/**
 * A query over stored events. Immutable: every method returns a new query. All conditions
 * must hold. Thread-safe.
 * <p>
 * On PostgreSQL and Redis types, keys, organizations and correlation ids are found
 * through indexes, on Redis sources, too; ranges of time by skipping the parts of the log
 * that have none of it. What has no index, an entry of the metadata that few events have,
 * is looked for in the whole log (0.2 s for a million events in memory): combine it with
 * one of the others.
 * <p>
 * Encrypted events are answered decrypted, with {@link ErasedData} when their
 * {@link DataSubject} was forgotten; one that cannot be decrypted fails the query with an
 * {@link EncryptedEventException}.
 *
 * <pre>{@code
 * try (Stream<Event<Object>> events = bus.query().type("user.*").since(t).organization("acme").stream()) { … }
 * EventQuery.Page page = bus.query().key("order-1").page(50, null);
 * }</pre>
 */
public interface EventQuery {

	/** Of one of these types or patterns, see {@link EventPattern}. */
	EventQuery type(String... patterns);

	/** Published by this source. */
	EventQuery source(String source);

	/** With this ordering key. */
	EventQuery key(String key);

	/** Of this organization. */
	EventQuery organization(String organization);

	/** With this correlation id. */
	EventQuery correlationId(String correlationId);

	/** Not older than this, by the event's timestamp. */
	EventQuery since(Instant since);

	/** Older than this, by the event's timestamp. */
	EventQuery until(Instant until);

	/** With this entry in the metadata. */
	EventQuery metadata(String name, String value);

	/** Newest first; otherwise in log order. */
	EventQuery newestFirst();

	/**
	 * The first events, at most so many.
	 * @param limit 1 to 10,000
	 */
	List<Event<Object>> list(int limit);

	/**
	 * One page. Pages meet without gap and without repetition, also while events arrive
	 * and old ones are deleted. Those of a transaction that is still open when a page is
	 * read may belong before its end, and are then not on the next one: whoever must not
	 * miss any subscribes.
	 * @param size at most so many events, 1 to 10,000
	 * @param after {@link Page#next()} of the page before, or {@code null} for the first
	 * @throws IllegalArgumentException when {@code after} does not come from a page
	 */
	Page page(int size, @Nullable String after);

	/**
	 * All of them, read bit by bit while the stream is consumed: of a log of millions
	 * only some hundred are in memory. What arrives meanwhile is part of it, unless
	 * newest events come first.
	 */
	Stream<Event<Object>> stream();

	/**
	 * As {@link #stream()}, with data read as a class; events whose {@link DataSubject}
	 * was forgotten are left out.
	 * @throws InvalidEventException from the stream, when an event's data is of another
	 * shape
	 */
	<T> Stream<Event<T>> stream(Class<T> dataType);

	/**
	 * A page of events.
	 *
	 * @param events the events
	 * @param next where the next page begins, or {@code null} after the last one
	 */
	record Page(List<Event<Object>> events, @Nullable String next) {

	}

}
