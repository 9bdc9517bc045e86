package dev.events.redis;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ThreadLocalRandom;

import dev.events.store.EventRecord;
import dev.events.store.Released;
import dev.events.store.Schedule;
import dev.events.store.SchedulePlace;
import dev.events.store.ScheduledRecord;
import org.jspecify.annotations.Nullable;

/**
 * What waits for its time; how it is kept is said in {@code schedule.lua}.
 */
final class RedisSchedule implements Schedule {

	private static final int TOKEN_LENGTH = 4;

	private static final int NUMBER_LENGTH = 16;

	private static final int PLACE_LENGTH = TimeText.LENGTH + NUMBER_LENGTH;

	private final RedisCalls calls;

	private final byte[] waiting;

	RedisSchedule(RedisCalls calls, Keys keys) {
		this.calls = calls;
		this.waiting = keys.waiting();
	}

	@Override
	public List<Boolean> add(List<EventRecord> events, Instant dueAt) {
		if (events.isEmpty()) {
			return List.of();
		}
		Arguments arguments = new Arguments().add(token()).add(TimeText.of(dueAt));
		events.forEach((event) -> arguments.add(PackedEvents.pack(event)));
		Answer answer = this.calls.run("schedule events", Script.SCHEDULE_ADD, arguments);
		List<Boolean> added = new ArrayList<>(events.size());
		for (int i = 0; i < events.size(); i++) {
			added.add(answer.number(i) == 1);
		}
		return added;
	}

	@Override
	public boolean cancel(UUID id) {
		return this.calls.number("cancel a scheduled event", Script.SCHEDULE_CANCEL,
				new Arguments().add(PackedEvents.id(id))) == 1;
	}

	@Override
	public Optional<ScheduledRecord> find(UUID id) {
		byte[] value = this.calls.read("find a scheduled event",
				(commands) -> commands.hget(this.waiting, PackedEvents.id(id)));
		return Optional.ofNullable(value).map(RedisSchedule::record);
	}

	@Override
	public List<ScheduledRecord> list(@Nullable SchedulePlace after, int limit) {
		// no id begins with a greater byte than these
		byte[] bound = (after != null) ? concat(("(" + text(after)).getBytes(StandardCharsets.US_ASCII), filled())
				: new byte[] { '-' };
		return this.calls.run("read the schedule", Script.SCHEDULE_LIST, new Arguments().add(bound).add(limit))
			.values()
			.stream()
			.map(RedisSchedule::record)
			.toList();
	}

	@Override
	public long count() {
		return this.calls.read("count scheduled events", (commands) -> commands.hlen(this.waiting));
	}

	@Override
	public Released release(int limit) {
		Answer answer = this.calls.run("release scheduled events", Script.SCHEDULE_RELEASE,
				new Arguments().add(token()).add(limit));
		List<String> types = new ArrayList<>();
		for (int i = 2; i < answer.size(); i++) {
			types.add(answer.string(i));
		}
		String next = answer.string(1);
		return new Released(types, answer.instant(0), next.isEmpty() ? null : TimeText.instant(next));
	}

	private static byte[] token() {
		byte[] token = new byte[TOKEN_LENGTH];
		ThreadLocalRandom.current().nextBytes(token);
		return token;
	}

	private static ScheduledRecord record(byte[] value) {
		String place = new String(value, 0, PLACE_LENGTH, StandardCharsets.US_ASCII);
		EventRecord event = PackedEvents.unpack(Arrays.copyOfRange(value, PLACE_LENGTH + TOKEN_LENGTH, value.length));
		return new ScheduledRecord(new SchedulePlace(TimeText.instant(place.substring(0, TimeText.LENGTH)),
				Long.parseLong(place.substring(TimeText.LENGTH))), event);
	}

	private static String text(SchedulePlace place) {
		return TimeText.of(place.dueAt()) + TimeText.digits(NUMBER_LENGTH, place.number());
	}

	private static byte[] filled() {
		byte[] filled = new byte[PackedEvents.ID_LENGTH + 1];
		Arrays.fill(filled, (byte) 0xff);
		return filled;
	}

	private static byte[] concat(byte[] first, byte[] second) {
		byte[] both = Arrays.copyOf(first, first.length + second.length);
		System.arraycopy(second, 0, both, first.length, second.length);
		return both;
	}

}
