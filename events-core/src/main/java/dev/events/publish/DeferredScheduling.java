package dev.events.publish;

import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.Consumer;

import dev.events.UnknownOutcomeException;
import dev.events.stats.EventCounters;
import dev.events.store.EventRecord;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What one transaction changes about scheduled events when it has committed, because the
 * store cannot take part in it.
 */
final class DeferredScheduling extends Deferred<ScheduleChange> {

	private static final Logger logger = LoggerFactory.getLogger(DeferredScheduling.class);

	private final Consumer<ScheduleChange> change;

	private final EventCounters counters;

	/**
	 * Begins without changes.
	 * @param change called for each after the commit
	 */
	DeferredScheduling(Consumer<ScheduleChange> change, EventCounters counters) {
		this.change = change;
		this.counters = counters;
	}

	void add(ScheduleChange change) {
		add(List.of(change));
		if (change instanceof ScheduleChange.Add added) {
			this.counters.deferred(added.events().size());
		}
	}

	/**
	 * Whether an event will be waiting as far as this transaction has a say; empty if it
	 * has none.
	 */
	Optional<Boolean> isWaiting(UUID id) {
		Set<UUID> waiting = new HashSet<>();
		boolean touched = false;
		for (ScheduleChange change : asked()) {
			if (change instanceof ScheduleChange.Add added) {
				added.events().stream().map(EventRecord::id).forEach(waiting::add);
			}
			else if (change instanceof ScheduleChange.Cancel cancelled) {
				waiting.remove(cancelled.id());
				touched |= cancelled.id().equals(id);
			}
		}
		return waiting.contains(id) ? Optional.of(true) : touched ? Optional.of(false) : Optional.empty();
	}

	@Override
	protected void apply(List<ScheduleChange> changes) {
		changes.forEach(this::apply);
	}

	private void apply(ScheduleChange change) {
		try {
			this.change.accept(change);
		}
		catch (RuntimeException ex) {
			// the transaction is over: throwing would only keep others from being told
			boolean unknown = ex instanceof UnknownOutcomeException;
			if (unknown && change instanceof ScheduleChange.Add added) {
				this.counters.unknown(added.events().size());
				logger.error("It is not known whether scheduled events of a committed transaction were stored: {}",
						DeferredAppends.names(added.events()), ex);
			}
			else if (unknown) {
				logger.error("It is not known whether a change of a committed transaction was carried out: {}", change,
						ex);
			}
			else if (change instanceof ScheduleChange.Add added) {
				this.counters.lost(added.events().size());
				logger.error("Scheduled events of a committed transaction are lost, the store did not take them: {}",
						DeferredAppends.names(added.events()), ex);
			}
			else {
				logger.error("The store did not carry out a change of a committed transaction, the event will be "
						+ "delivered: {}", change, ex);
			}
		}
	}

}
