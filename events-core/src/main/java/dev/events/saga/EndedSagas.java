package dev.events.saga;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

import dev.events.store.EventStore;
import dev.events.store.ProcessChange;
import dev.events.store.ProcessRecord;
import dev.events.store.ProcessState;
import dev.events.store.StoredEvent;
import org.jspecify.annotations.Nullable;

/**
 * Forgets sagas of one definition, and which events they have handled. Thread-safe.
 * <p>
 * Invariant: none is forgotten that has handled an event which the subscription may
 * deliver again by itself, or an operator may have delivered again: one that a cursor is
 * in front of, or that is parked, waits behind another one, or is a dead letter. After a
 * crash that may be so however much time has passed, and its start would begin the saga
 * anew. Cursors are read first, for an event is parked in the step that moves the cursor
 * past it.
 */
final class EndedSagas {

	// cursors without events move every five seconds
	private static final Duration FIRST_DELAY = Duration.ofSeconds(5);

	private static final Duration LONGEST_DELAY = Duration.ofMinutes(5);

	private final String subscription;

	private final EventStore store;

	EndedSagas(String subscription, EventStore store) {
		this.subscription = subscription;
		this.store = store;
	}

	/**
	 * Forgets those that may be forgotten, and looks at the others again later, ever more
	 * rarely.
	 * @param cursor where the last cursor was, read before
	 */
	void forget(List<ProcessRecord> ended, long cursor) {
		Map<ProcessRecord, Collection<Long>> settled = new LinkedHashMap<>();
		for (ProcessRecord known : ended) {
			Collection<Long> positions = positions(known);
			if (positions != null && Collections.max(positions, Long::compare) <= cursor) {
				settled.put(known, positions);
			}
			else {
				putOff(known);
			}
		}
		if (settled.isEmpty()) {
			return;
		}
		Set<Long> stored = this.store.deliveries()
			.stored(this.subscription, settled.values().stream().flatMap(Collection::stream).distinct().toList());
		settled.forEach((known, positions) -> {
			if (Collections.disjoint(positions, stored)) {
				commit(known, null);
			}
			else {
				putOff(known);
			}
		});
	}

	/** Positions of the events it has handled, or {@code null} when that is not known. */
	private @Nullable Collection<Long> positions(ProcessRecord known) {
		SagaData data;
		try {
			data = SagaData.read(known.state().data());
		}
		catch (IllegalStateException ex) {
			return null;
		}
		List<Long> positions = new ArrayList<>(data.positions());
		// before any event
		positions.add(0L);
		data.withoutPosition()
			.forEach((event) -> this.store.log().find(event).map(StoredEvent::position).ifPresent(positions::add));
		return positions;
	}

	private void putOff(ProcessRecord known) {
		Instant dueAt = known.state().dueAt();
		Duration last = (dueAt != null) ? Duration.between(known.changedAt(), dueAt) : FIRST_DELAY;
		Duration delay = last.multipliedBy(2);
		delay = (delay.compareTo(FIRST_DELAY) > 0) ? delay : FIRST_DELAY;
		delay = (delay.compareTo(LONGEST_DELAY) < 0) ? delay : LONGEST_DELAY;
		commit(known, new ProcessState(known.state().status(), known.state().data(), this.store.now().plus(delay)));
	}

	private void commit(ProcessRecord known, @Nullable ProcessState next) {
		this.store.processes()
			.commit(new ProcessChange(known.process(), known.key(), known.version(), next, List.of()));
	}

}
