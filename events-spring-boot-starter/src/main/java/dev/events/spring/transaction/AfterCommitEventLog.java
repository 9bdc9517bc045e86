package dev.events.spring.transaction;

import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Consumer;

import dev.events.publish.PublishTransactions;
import dev.events.store.EventCriteria;
import dev.events.store.EventLog;
import dev.events.store.EventRecord;
import dev.events.store.LogSegment;
import dev.events.store.StoredEvent;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Appends what is published in a transaction when it has committed.
 */
final class AfterCommitEventLog implements EventLog {

	private static final Logger logger = LoggerFactory.getLogger(AfterCommitEventLog.class);

	private final EventLog log;

	private final PublishTransactions transactions;

	private final LongAdder lost = new LongAdder();

	// one object, by which the events of one transaction are gathered
	private final Consumer<List<EventRecord>> appendCommitted = this::appendCommitted;

	AfterCommitEventLog(EventLog log, PublishTransactions transactions) {
		this.log = log;
		this.transactions = transactions;
	}

	/** Events that were committed but could not be appended. */
	long lost() {
		return this.lost.sum();
	}

	@Override
	public List<Long> append(List<EventRecord> events) {
		if (!this.transactions.isActive()) {
			return this.log.append(events);
		}
		PendingAppends.add(events, this.appendCommitted);
		return Collections.nCopies(events.size(), DEFERRED);
	}

	private void appendCommitted(List<EventRecord> events) {
		try {
			this.log.append(events);
		}
		catch (RuntimeException ex) {
			// the transaction is over: throwing would only keep others from being told
			this.lost.add(events.size());
			logger.error("{} events of a committed transaction are lost, the store did not take them: {}",
					events.size(), events.stream().map((event) -> event.type() + " " + event.id()).toList(), ex);
		}
	}

	@Override
	public LogSegment follow(long after, int limit) {
		return this.log.follow(after, limit);
	}

	@Override
	public List<StoredEvent> read(long after, long upTo, int limit) {
		return this.log.read(after, upTo, limit);
	}

	@Override
	public long head() {
		return this.log.head();
	}

	@Override
	public List<StoredEvent> readAll(Collection<Long> positions) {
		return this.log.readAll(positions);
	}

	@Override
	public Optional<StoredEvent> find(UUID id) {
		return this.log.find(id);
	}

	@Override
	public List<StoredEvent> query(EventCriteria criteria, int limit) {
		return this.log.query(criteria, limit);
	}

}
