package dev.events.aggregation;

import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.locks.LockSupport;

import dev.events.Aggregation;
import dev.events.Delivery;
import dev.events.Event;
import dev.events.EventBatchHandler;
import dev.events.EventStoreException;
import dev.events.NonRetryableEventException;
import dev.events.RetryLaterException;
import dev.events.UnknownOutcomeException;
import dev.events.delivery.PartitionDelivery;
import dev.events.store.DeliveryOverException;
import dev.events.store.EventStore;
import dev.events.store.OpenDelivery;
import dev.events.store.ProcessChange;
import dev.events.store.ProcessRecord;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Handles the events of one aggregation, those of the same key that come together in one
 * commit. Thread-safe.
 * <p>
 * Invariant: an event is in one window. The commit that adds it notes its position with
 * the key, so it is not added again, whoever dies between that commit and the checkpoint
 * of the subscription, and whichever events of its batch have failed. See
 * {@link WindowCommits} for when that may be forgotten.
 *
 * @param <T> class of the events' data
 */
final class WindowEvents<T> implements EventBatchHandler<T> {

	private static final Logger logger = LoggerFactory.getLogger(WindowEvents.class);

	// of those who meet at a key one goes on each time, so this is more than can meet
	private static final int TURNS = 50;

	private static final long LONGEST_PAUSE = Duration.ofMillis(5).toNanos();

	private static final int MAX_PAUSES = 10;

	private final Aggregation<T, ?> aggregation;

	private final WindowCommits<T, ?> commits;

	private final EventStore store;

	private final AggregationCounters counters;

	WindowEvents(Aggregation<T, ?> aggregation, WindowCommits<T, ?> commits, EventStore store,
			AggregationCounters counters) {
		this.aggregation = aggregation;
		this.commits = commits;
		this.store = store;
		this.counters = counters;
	}

	@Override
	public void handle(List<Event<T>> events) {
		throw new IllegalStateException("Aggregation '" + this.aggregation.name() + "' has to know the delivery");
	}

	@Override
	public void handle(List<Event<T>> events, Delivery delivery) throws Exception {
		PartitionDelivery known = (PartitionDelivery) delivery;
		Map<String, List<Arrival<T>>> byKey = new LinkedHashMap<>();
		for (int i = 0; i < events.size(); i++) {
			Event<T> event = events.get(i);
			String key = event.type().equals(this.aggregation.resultType()) ? null : key(event);
			if (key != null) {
				byKey.computeIfAbsent(key, (none) -> new ArrayList<>())
					.add(new Arrival<>(event, known.positions().get(i)));
			}
			else {
				this.counters.ignored.increment();
			}
		}
		Exception failure = null;
		for (Map.Entry<String, List<Arrival<T>>> entry : byKey.entrySet()) {
			try {
				add(entry.getKey(), entry.getValue(), known.open());
			}
			catch (EventStoreException | DeliveryOverException | InterruptedException ex) {
				throw ex;
			}
			catch (Exception ex) {
				// those of other keys need not wait for the next attempt
				failure = (failure != null) ? failure : ex;
			}
		}
		if (failure != null) {
			throw failure;
		}
	}

	private @Nullable String key(Event<T> event) {
		String key = this.aggregation.key().apply(event);
		if (key != null && (key.isBlank() || key.length() > ProcessChange.MAX_NAME || key.indexOf('\0') >= 0)) {
			throw new NonRetryableEventException(
					"The key that aggregation '" + this.aggregation.name() + "' finds in event " + event.id()
							+ " is blank, or longer than " + ProcessChange.MAX_NAME + " characters");
		}
		return key;
	}

	private void add(String key, List<Arrival<T>> events, OpenDelivery delivery) throws Exception {
		for (int turn = 1; turn <= TURNS; turn++) {
			try {
				if (attempt(key, events, delivery)) {
					return;
				}
			}
			catch (UnknownOutcomeException ex) {
				// the key tells whether it was done
				logger.debug("Looks again at key {} of aggregation '{}'", key, this.aggregation.name(), ex);
			}
			pause(turn);
		}
		throw new RetryLaterException("The window of aggregation '" + this.aggregation.name() + "' for " + key
				+ " was changed by others each of " + TURNS + " times that an event was added", Duration.ZERO);
	}

	/** Whether nothing is left to do with the events. */
	private boolean attempt(String key, List<Arrival<T>> events, OpenDelivery delivery) throws Exception {
		Optional<ProcessRecord> known = this.store.processes().find(this.aggregation.subscription(), key);
		WindowData data = known.map((record) -> WindowData.read(record.state().data())).orElse(WindowData.NONE);
		Set<Long> handled = data.added().all();
		List<Arrival<T>> added = events.stream().filter((arrival) -> handled.add(arrival.position())).toList();
		if (!added.isEmpty() && !this.commits.add(key, known.orElse(null), data, added, delivery)) {
			return false;
		}
		this.counters.duplicates.add(events.size() - added.size());
		return true;
	}

	private static void pause(int turn) {
		long longest = LONGEST_PAUSE * Math.min(turn, MAX_PAUSES);
		LockSupport.parkNanos(ThreadLocalRandom.current().nextLong(longest));
	}

}
