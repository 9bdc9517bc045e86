package dev.events.redis;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.UUID;

import dev.events.store.EventCriteria;
import dev.events.store.EventLog;
import dev.events.store.EventRecord;
import dev.events.store.EventSelection;
import dev.events.store.LogSegment;
import dev.events.store.StoredEvent;

/**
 * The log as one stream. An append is one script, so positions are settled when they can
 * be seen.
 */
final class RedisEventLog implements EventLog {

	private static final int DELETED_AT_ONCE = 500;

	private final RedisCalls calls;

	private final StreamReader reader;

	private final EventQueries queries;

	private final EventCounts counts;

	private final GroupedAppends appends;

	private final byte[] head;

	RedisEventLog(RedisCalls calls, Keys keys) {
		this.calls = calls;
		this.reader = new StreamReader(calls, keys);
		this.queries = new EventQueries(calls, this.reader);
		this.counts = new EventCounts(calls, this.reader);
		this.head = keys.head();
		this.appends = new GroupedAppends(new byte[][] { keys.log(), keys.ids(), this.head }, calls.timeout());
	}

	@Override
	public List<Long> append(List<EventRecord> events) {
		if (events.isEmpty()) {
			return List.of();
		}
		PackedAppend append = PackedAppend.of(events);
		// with the same token, what an earlier try has stored is known as ours
		return this.calls.repeat("store events", (commands) -> this.appends.append(commands, append));
	}

	/**
	 * What a script has answered that appends events.
	 * @param from index of the first event to look at
	 * @param to index behind the last
	 */
	static List<Long> positions(Answer answer, int from, int to) {
		List<Long> positions = new ArrayList<>(to - from);
		long first = answer.number(0);
		for (int i = from; i < to; i++) {
			long position = (first > 0) ? first + i : answer.number(i + 1);
			positions.add((position > 0) ? position : DUPLICATE);
		}
		return positions;
	}

	@Override
	public LogSegment follow(long after, int limit) {
		// one more, to see whether there is more
		List<StoredEvent> events = this.reader.read(after + 1, StreamReader.NEWEST, limit + 1);
		boolean more = events.size() > limit;
		List<StoredEvent> segment = more ? events.subList(0, limit) : events;
		long settled = segment.isEmpty() ? after : segment.get(segment.size() - 1).position();
		return new LogSegment(segment, settled, more);
	}

	@Override
	public List<StoredEvent> read(long after, long upTo, int limit) {
		return (after < upTo) ? this.reader.read(after + 1, upTo, limit) : List.of();
	}

	@Override
	public long head() {
		byte[] position = this.calls.read("read the head of the log",
				(commands) -> commands.hget(this.head, Text.bytes("position")));
		return (position != null) ? Long.parseLong(Text.string(position)) : 0;
	}

	@Override
	public List<StoredEvent> readAll(Collection<Long> positions) {
		return this.reader.readAll(new TreeSet<>(positions));
	}

	@Override
	public Optional<StoredEvent> find(UUID id) {
		return this.reader.readAll(List.of(this.reader.positionOf(id))).stream().findFirst();
	}

	@Override
	public int delete(Collection<Long> positions) {
		int deleted = 0;
		Arguments batch = new Arguments();
		for (Iterator<Long> iterator = new TreeSet<>(positions).iterator(); iterator.hasNext();) {
			batch.add(iterator.next());
			if (batch.size() == DELETED_AT_ONCE || !iterator.hasNext()) {
				deleted += (int) this.calls.number("delete events", Script.DELETE, batch);
				batch = new Arguments();
			}
		}
		return deleted;
	}

	@Override
	public List<StoredEvent> query(EventCriteria criteria, int limit) {
		return this.queries.query(criteria, limit);
	}

	@Override
	public Map<String, Long> count(EventCriteria criteria, long upTo) {
		return EventCounts.isFor(criteria) ? this.counts.count(criteria, upTo) : EventLog.super.count(criteria, upTo);
	}

	@Override
	public long newest(EventSelection events, long newer) {
		return this.counts.newest(events, newer);
	}

}
