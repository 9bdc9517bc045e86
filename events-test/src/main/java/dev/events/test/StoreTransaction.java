package dev.events.test;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.stream.Collectors;

import dev.events.memory.MemoryEventStore;
import dev.events.publish.PublishTransactions;
import dev.events.store.Checkpoint;
import dev.events.store.EventLog;
import dev.events.store.EventRecord;
import dev.events.store.PartitionId;
import dev.events.store.ScheduledRecord;
import dev.events.store.SubjectKeys;

/**
 * What one transaction does to a store in memory: answered at once, done with its commit.
 * For the thread of the transaction.
 * <p>
 * Invariant: until the commit nobody else sees what is added, and after a rollback nobody
 * ever does. Only a cancelled event is gone at once, so that it is not released
 * meanwhile; a rollback puts it back.
 */
final class StoreTransaction implements PublishTransactions.Participant {

	// answered for an event that will get a position of the log with the commit
	private static final long LATER = Long.MAX_VALUE;

	private final MemoryEventStore store;

	private final List<Step> steps = new ArrayList<>();

	private final Map<Object, Integer> savepoints = new IdentityHashMap<>();

	private final SubjectKeys keys;

	StoreTransaction(MemoryEventStore store, SubjectKeys keys) {
		this.store = store;
		this.keys = keys;
	}

	List<Long> append(List<EventRecord> events) {
		Set<UUID> known = added(Append.class);
		List<Long> positions = new ArrayList<>();
		List<EventRecord> fresh = new ArrayList<>();
		for (EventRecord event : events) {
			boolean isNew = known.add(event.id()) && this.store.log().find(event.id()).isEmpty();
			positions.add(isNew ? LATER : EventLog.DUPLICATE);
			if (isNew) {
				fresh.add(event);
			}
		}
		this.steps.add(new Append(fresh));
		return positions;
	}

	List<Boolean> add(List<EventRecord> events, Instant dueAt) {
		Set<UUID> known = added(Step.class);
		List<Boolean> answers = new ArrayList<>();
		for (EventRecord event : events) {
			boolean isNew = known.add(event.id()) && this.store.log().find(event.id()).isEmpty()
					&& this.store.schedule().find(event.id()).isEmpty();
			answers.add(isNew);
			if (isNew) {
				this.steps.add(new Added(event, dueAt));
			}
		}
		return answers;
	}

	boolean cancel(UUID id) {
		for (Step step : this.steps) {
			if (step instanceof Added scheduled && scheduled.event.id().equals(id) && !isCancelled(scheduled)) {
				this.steps.add(new CancelAdded(scheduled));
				return true;
			}
		}
		Optional<ScheduledRecord> waiting = this.store.schedule().find(id);
		if (waiting.isEmpty() || !this.store.schedule().cancel(id)) {
			return false;
		}
		this.steps.add(new Cancel(waiting.get()));
		return true;
	}

	/**
	 * Saves progress.
	 * @param saved told with the commit what was saved
	 */
	Set<PartitionId> checkpoint(Collection<Checkpoint> checkpoints, Consumer<Collection<Checkpoint>> saved) {
		Set<PartitionId> lost = this.store.cursors()
			.checkpoint(checkpoints.stream()
				.map((checkpoint) -> new Checkpoint(checkpoint.lease(), 0, List.of()))
				.toList());
		List<Checkpoint> current = checkpoints.stream()
			.filter((checkpoint) -> !lost.contains(checkpoint.lease().partition()))
			.toList();
		this.steps.add(new Save(current, saved));
		return lost;
	}

	boolean erase(String subject) {
		this.steps.add(new Erase(this.keys, subject));
		return this.keys.find(subject).filter((key) -> !key.isErased()).isPresent();
	}

	private Set<UUID> added(Class<? extends Step> kind) {
		return this.steps.stream()
			.filter(kind::isInstance)
			.flatMap((step) -> step.added().stream())
			.filter((id) -> this.steps.stream()
				.noneMatch((step) -> step instanceof CancelAdded cancel && cancel.scheduled.event.id().equals(id)))
			.collect(Collectors.toCollection(HashSet::new));
	}

	private boolean isCancelled(Added scheduled) {
		return this.steps.stream()
			.anyMatch((step) -> step instanceof CancelAdded cancel && cancel.scheduled == scheduled);
	}

	@Override
	public void savepoint(Object savepoint) {
		this.savepoints.put(savepoint, this.steps.size());
	}

	@Override
	public void rollbackTo(Object savepoint) {
		// one that was set before the first step is not known here
		undo(this.savepoints.getOrDefault(savepoint, 0));
	}

	private void undo(int from) {
		List<Step> undone = this.steps.subList(from, this.steps.size());
		for (int i = undone.size() - 1; i >= 0; i--) {
			undone.get(i).undo(this.store);
		}
		undone.clear();
	}

	@Override
	public void ended(boolean committed) {
		if (!committed) {
			undo(0);
			return;
		}
		for (Step step : this.steps) {
			if (!(step instanceof Added scheduled && isCancelled(scheduled))) {
				step.commit(this.store);
			}
		}
	}

	private interface Step {

		default Set<UUID> added() {
			return Set.of();
		}

		default void commit(MemoryEventStore store) {
		}

		default void undo(MemoryEventStore store) {
		}

	}

	private record Append(List<EventRecord> events) implements Step {

		@Override
		public Set<UUID> added() {
			return this.events.stream().map(EventRecord::id).collect(Collectors.toSet());
		}

		@Override
		public void commit(MemoryEventStore store) {
			store.log().append(this.events);
		}

	}

	private record Added(EventRecord event, Instant dueAt) implements Step {

		@Override
		public Set<UUID> added() {
			return Set.of(this.event.id());
		}

		@Override
		public void commit(MemoryEventStore store) {
			store.schedule().add(List.of(this.event), this.dueAt);
		}

	}

	private record CancelAdded(Added scheduled) implements Step {

	}

	private record Cancel(ScheduledRecord scheduled) implements Step {

		@Override
		public void undo(MemoryEventStore store) {
			store.schedule().add(List.of(this.scheduled.event()), this.scheduled.place().dueAt());
		}

	}

	private record Save(List<Checkpoint> checkpoints, Consumer<Collection<Checkpoint>> saved) implements Step {

		@Override
		public void commit(MemoryEventStore store) {
			store.cursors().checkpoint(this.checkpoints);
			this.saved.accept(this.checkpoints);
		}

	}

	private record Erase(SubjectKeys keys, String subject) implements Step {

		@Override
		public void commit(MemoryEventStore store) {
			this.keys.erase(this.subject);
		}

	}

}
