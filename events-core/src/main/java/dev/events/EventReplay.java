package dev.events;

import java.time.Instant;
import java.util.Map;

import org.jspecify.annotations.Nullable;

/**
 * Delivers stored events again to one durable subscriber. Immutable: every method returns
 * a new one. All conditions must hold; without any, everything that the subscription is
 * for is replayed. Thread-safe.
 *
 * <pre>{@code
 * Replay replay = events.replay().type("user.*").from(t).subscriber("search-index").rate(500).start();
 * }</pre>
 *
 * It runs beside live delivery, on the nodes that serve the subscription, and survives
 * their restart. It ends where the log ended when it was started; what is published later
 * comes live. The order of each key is kept: a live event of a key waits until the replay
 * has come past the last event of that key. Other live events do not wait, unless so many
 * wait that live delivery of the partition stands still ({@code max-parked}): give a long
 * replay of keys that are busy no low {@link #rate}. An event that fails is tried again
 * and in the end becomes a dead letter like any other. A handler sees
 * {@link Delivery#isReplay()}; what it returns is published, also in a replay.
 * <p>
 * Each event is handled at least once; with a {@code transactional} subscriber its effect
 * happens exactly once for each replay. An event with a key that was waiting already, for
 * another attempt or behind one that does, is delivered once, not twice. One that came
 * live between the start and the moment, usually at once, when a node hears of the replay
 * comes once more behind the replay of its key, so that the newest event is the last.
 * Retention deletes nothing that an active replay has still to deliver.
 */
public interface EventReplay {

	/** Not older than this, by the event's timestamp. */
	EventReplay from(Instant from);

	/** Older than this, by the event's timestamp. */
	EventReplay to(Instant to);

	/**
	 * Of one of these types or patterns, see {@link EventPattern}, as far as the
	 * subscription is for them.
	 */
	EventReplay type(String... patterns);

	/** Published by this source. */
	EventReplay source(String source);

	/** With this ordering key. */
	EventReplay key(String key);

	/** Of this organization. */
	EventReplay organization(String organization);

	/** To the subscription with this id; must be given. */
	EventReplay subscriber(String id);

	/**
	 * At most so many events a second in the whole cluster.
	 * @throws IllegalArgumentException when it is not greater than 0
	 */
	EventReplay rate(double eventsPerSecond);

	/**
	 * Counts what would be replayed, and changes nothing.
	 * @throws IllegalArgumentException when {@code from} is not before {@code to}, or no
	 * subscriber is given
	 * @throws InvalidSubscriptionException when there is no such subscription, or it has
	 * opted out
	 */
	Preview dryRun();

	/**
	 * Starts the replay. It is stored when this returns, also inside a transaction of the
	 * caller. When there are no events for it, it is completed at once.
	 * @throws IllegalArgumentException when {@code from} is not before {@code to}, or no
	 * subscriber is given
	 * @throws InvalidSubscriptionException when there is no such subscription, it has
	 * opted out (see {@link EventSubscriber#replay()}), or a replay of it is active
	 */
	Replay start();

	/**
	 * What a replay would be about.
	 *
	 * @param subscription id of the subscription
	 * @param total how many events
	 * @param byType how many of each type
	 * @param first timestamp of the first of them in the log, or {@code null} when there
	 * are none
	 * @param last timestamp of the last of them in the log, or {@code null}
	 */
	record Preview(String subscription, long total, Map<String, Long> byType, @Nullable Instant first,
			@Nullable Instant last) {

	}

}
