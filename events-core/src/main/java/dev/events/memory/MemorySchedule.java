package dev.events.memory;

import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;
import java.util.UUID;

import dev.events.store.EventLog;
import dev.events.store.EventRecord;
import dev.events.store.Released;
import dev.events.store.Schedule;
import dev.events.store.SchedulePlace;
import dev.events.store.ScheduledRecord;
import org.jspecify.annotations.Nullable;

/**
 * The schedule, under the same lock as the log.
 */
final class MemorySchedule implements Schedule {

	private final StateLock lock;

	private final InstantSource clock;

	private final EventLog log;

	private final NavigableMap<SchedulePlace, ScheduledRecord> waiting = new TreeMap<>();

	private final Map<UUID, SchedulePlace> places = new HashMap<>();

	private long lastNumber;

	MemorySchedule(StateLock lock, InstantSource clock, EventLog log) {
		this.lock = lock;
		this.clock = clock;
		this.log = log;
	}

	@Override
	public List<Boolean> add(List<EventRecord> events, Instant dueAt) {
		return this.lock.get(() -> events.stream().map((event) -> add(event, dueAt)).toList());
	}

	private boolean add(EventRecord event, Instant dueAt) {
		if (this.places.containsKey(event.id()) || this.log.find(event.id()).isPresent()) {
			return false;
		}
		SchedulePlace place = new SchedulePlace(dueAt, ++this.lastNumber);
		this.places.put(event.id(), place);
		this.waiting.put(place, new ScheduledRecord(place, event));
		return true;
	}

	@Override
	public boolean cancel(UUID id) {
		return this.lock.get(() -> {
			SchedulePlace place = this.places.remove(id);
			return place != null && this.waiting.remove(place) != null;
		});
	}

	@Override
	public Optional<ScheduledRecord> find(UUID id) {
		return this.lock.get(() -> Optional.ofNullable(this.places.get(id)).map(this.waiting::get));
	}

	@Override
	public List<ScheduledRecord> list(@Nullable SchedulePlace after, int limit) {
		return this.lock.get(() -> ((after != null) ? this.waiting.tailMap(after, false) : this.waiting).values()
			.stream()
			.limit(limit)
			.toList());
	}

	@Override
	public long count() {
		return this.lock.get(() -> (long) this.waiting.size());
	}

	@Override
	public Released release(int limit) {
		return this.lock.get(() -> {
			Instant now = this.clock.instant();
			List<EventRecord> due = new ArrayList<>();
			while (due.size() < limit && !this.waiting.isEmpty() && !this.waiting.firstKey().dueAt().isAfter(now)) {
				EventRecord event = this.waiting.pollFirstEntry().getValue().event();
				this.places.remove(event.id());
				due.add(event);
			}
			List<Long> positions = this.log.append(due);
			List<String> types = new ArrayList<>();
			for (int i = 0; i < positions.size(); i++) {
				if (positions.get(i) != EventLog.DUPLICATE) {
					types.add(due.get(i).type());
				}
			}
			return new Released(List.copyOf(types), now,
					this.waiting.isEmpty() ? null : this.waiting.firstKey().dueAt());
		});
	}

}
