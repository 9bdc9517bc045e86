package dev.events.schedule;

import java.util.List;
import java.util.Optional;
import java.util.UUID;

import dev.events.ScheduledEvent;
import dev.events.ScheduledEvents;
import dev.events.codec.EventCodec;
import dev.events.publish.ScheduleIntake;
import dev.events.store.Schedule;
import dev.events.store.SchedulePlace;
import dev.events.store.ScheduledRecord;
import org.jspecify.annotations.Nullable;

/**
 * The events that wait in a store. Thread-safe.
 */
public final class StoredSchedule implements ScheduledEvents {

	private static final int MAX_PAGE = 1000;

	private final Schedule schedule;

	private final ScheduleIntake intake;

	/**
	 * Creates a view of them.
	 * @param intake cancels in the caller's transaction
	 */
	public StoredSchedule(Schedule schedule, ScheduleIntake intake) {
		this.schedule = schedule;
		this.intake = intake;
	}

	@Override
	public Page list(int size, @Nullable String after) {
		if (size < 1 || size > MAX_PAGE) {
			throw new IllegalArgumentException("size is " + size + "; it must be from 1 to " + MAX_PAGE);
		}
		SchedulePlace place = (after != null) ? PlaceToken.place(after) : null;
		List<ScheduledRecord> records = this.schedule.list(place, size + 1);
		boolean more = records.size() > size;
		List<ScheduledRecord> page = more ? records.subList(0, size) : records;
		return new Page(page.stream().map(StoredSchedule::event).toList(),
				more ? PlaceToken.of(page.get(size - 1).place()) : null);
	}

	@Override
	public Optional<ScheduledEvent> find(UUID id) {
		return this.schedule.find(id).map(StoredSchedule::event);
	}

	@Override
	public long count() {
		return this.schedule.count();
	}

	@Override
	public boolean cancel(UUID id) {
		return this.intake.cancel(id);
	}

	private static ScheduledEvent event(ScheduledRecord stored) {
		return new ScheduledEvent(EventCodec.raw(stored.event()), stored.place().dueAt());
	}

}
