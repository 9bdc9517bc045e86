package dev.events.publish;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

import dev.events.Publication;
import dev.events.Publication.Outcome;
import dev.events.store.EventLog;
import dev.events.store.EventRecord;
import org.jspecify.annotations.Nullable;

/**
 * Events of which only the append is missing. For one thread at a time.
 */
final class PreparedEvents {

	private final int published;

	private final @Nullable Instant dueAt;

	private final EventForwarder forwarder;

	private final List<Publication> outcomes = new ArrayList<>();

	private final List<EventRecord> records = new ArrayList<>();

	private final List<Integer> recordOf = new ArrayList<>();

	PreparedEvents(int published, @Nullable Instant dueAt, EventForwarder forwarder) {
		this.published = published;
		this.dueAt = dueAt;
		this.forwarder = forwarder;
	}

	@Nullable Instant dueAt() {
		return this.dueAt;
	}

	EventForwarder forwarder() {
		return this.forwarder;
	}

	/** What becomes of events that go on. */
	Outcome outcome() {
		return (this.dueAt != null) ? Outcome.SCHEDULED : Outcome.STORED;
	}

	void add(Publication outcome, @Nullable EventRecord record) {
		this.outcomes.add(outcome);
		if (record != null) {
			this.recordOf.add(this.records.size());
			this.records.add(record);
		}
		else {
			this.recordOf.add(-1);
		}
	}

	List<EventRecord> records() {
		return this.records;
	}

	/**
	 * The outcomes of what was published, answers of synchronous subscribers aside.
	 */
	List<Publication> publications(List<Long> positions) {
		List<Publication> publications = new ArrayList<>(this.published);
		for (int i = 0; i < this.published; i++) {
			Publication outcome = this.outcomes.get(i);
			int record = this.recordOf.get(i);
			boolean duplicate = record >= 0 && positions.get(record) == EventLog.DUPLICATE;
			publications.add(duplicate ? new Publication(outcome.event(), Outcome.DUPLICATE, null, null) : outcome);
		}
		return List.copyOf(publications);
	}

}
