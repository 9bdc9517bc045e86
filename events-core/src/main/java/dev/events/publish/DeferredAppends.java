package dev.events.publish;

import java.util.List;
import java.util.function.Consumer;

import dev.events.UnknownOutcomeException;
import dev.events.stats.EventCounters;
import dev.events.store.EventRecord;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The events of one transaction that are appended when it has committed, because the
 * store cannot take part in it.
 */
final class DeferredAppends extends Deferred<EventRecord> {

	private static final Logger logger = LoggerFactory.getLogger(DeferredAppends.class);

	private static final int MAX_NAMED = 20;

	private final Consumer<List<EventRecord>> append;

	private final EventCounters counters;

	private @Nullable RuntimeException failure;

	/**
	 * Begins without events.
	 * @param append called with all of them after the commit, if there are any
	 */
	DeferredAppends(Consumer<List<EventRecord>> append, EventCounters counters) {
		this.append = append;
		this.counters = counters;
	}

	@Override
	public void add(List<? extends EventRecord> more) {
		super.add(more);
		this.counters.deferred(more.size());
	}

	/**
	 * Why the events of the committed transaction are lost, or nobody knows whether they
	 * are; {@code null} when they are stored.
	 */
	@Nullable RuntimeException failure() {
		return this.failure;
	}

	@Override
	protected void apply(List<EventRecord> events) {
		try {
			this.append.accept(events);
		}
		catch (RuntimeException ex) {
			// the transaction is over: throwing would only keep others from being told
			this.failure = ex;
			if (ex instanceof UnknownOutcomeException) {
				this.counters.unknown(events.size());
				logger.error("It is not known whether {} events of a committed transaction were stored: {}{}",
						events.size(), names(events), (events.size() > MAX_NAMED) ? " and more" : "", ex);
				return;
			}
			this.counters.lost(events.size());
			logger.error("{} events of a committed transaction are lost, the store did not take them: {}{}",
					events.size(), names(events), (events.size() > MAX_NAMED) ? " and more" : "", ex);
		}
	}

	static List<String> names(List<EventRecord> events) {
		return events.stream().limit(MAX_NAMED).map((event) -> event.type() + " " + event.id()).toList();
	}

}
