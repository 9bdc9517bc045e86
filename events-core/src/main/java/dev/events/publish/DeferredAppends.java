package dev.events.publish;

import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

import dev.events.stats.EventCounters;
import dev.events.store.EventRecord;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The events of one transaction that are appended when it has committed, because the
 * store cannot take part in it. For the thread of the transaction.
 */
final class DeferredAppends implements PublishTransactions.Participant {

	private static final Logger logger = LoggerFactory.getLogger(DeferredAppends.class);

	private static final int MAX_NAMED = 20;

	private final Consumer<List<EventRecord>> append;

	private final EventCounters counters;

	private final List<EventRecord> events = new ArrayList<>();

	private final Map<Object, Integer> savepoints = new IdentityHashMap<>();

	private @Nullable RuntimeException failure;

	/**
	 * Begins without events.
	 * @param append called with all of them after the commit, if there are any
	 */
	DeferredAppends(Consumer<List<EventRecord>> append, EventCounters counters) {
		this.append = append;
		this.counters = counters;
	}

	void add(List<EventRecord> more) {
		this.events.addAll(more);
		this.counters.deferred(more.size());
	}

	boolean isEmpty() {
		return this.events.isEmpty();
	}

	/** Why the events of the committed transaction are lost, if they are. */
	@Nullable RuntimeException failure() {
		return this.failure;
	}

	@Override
	public void savepoint(Object savepoint) {
		this.savepoints.put(savepoint, this.events.size());
	}

	@Override
	public void rollbackTo(Object savepoint) {
		// one that was set before the first event is not known here
		int size = this.savepoints.getOrDefault(savepoint, 0);
		this.events.subList(size, this.events.size()).clear();
	}

	@Override
	public void ended(boolean committed) {
		if (committed && !this.events.isEmpty()) {
			append();
		}
	}

	private void append() {
		try {
			this.append.accept(List.copyOf(this.events));
		}
		catch (RuntimeException ex) {
			// the transaction is over: throwing would only keep others from being told
			this.failure = ex;
			this.counters.lost(this.events.size());
			logger.error("{} events of a committed transaction are lost, the store did not take them: {}{}",
					this.events.size(),
					this.events.stream().limit(MAX_NAMED).map((event) -> event.type() + " " + event.id()).toList(),
					(this.events.size() > MAX_NAMED) ? " and more" : "", ex);
		}
	}

}
