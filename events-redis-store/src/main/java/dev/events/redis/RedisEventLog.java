package dev.events.redis;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.UUID;
import java.util.concurrent.ThreadLocalRandom;

import dev.events.EventStoreException;
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

	// what one script may take, so that it does not hold up the server for seconds
	private static final int MAX_EVENTS = 200_000;

	private static final long MAX_BYTES = 256L << 20;

	private static final int DELETED_AT_ONCE = 500;

	private final RedisCalls calls;

	private final StreamReader reader;

	private final EventQueries queries;

	private final EventCounts counts;

	private final byte[][] appendKeys;

	private final byte[] head;

	RedisEventLog(RedisCalls calls, Keys keys) {
		this.calls = calls;
		this.reader = new StreamReader(calls, keys);
		this.queries = new EventQueries(calls, this.reader);
		this.counts = new EventCounts(calls, this.reader);
		this.head = keys.head();
		this.appendKeys = new byte[][] { keys.log(), keys.ids(), this.head };
	}

	@Override
	public List<Long> append(List<EventRecord> events) {
		if (events.isEmpty()) {
			return List.of();
		}
		byte[][] arguments = arguments(events);
		// repeatable: with the same token, what an earlier try has stored is known as
		// ours
		Answer answer = this.calls.run("store events", Script.APPEND, true, this.appendKeys, arguments);
		return positions(answer, events.size());
	}

	/** What a script has answered that appends so many events. */
	static List<Long> positions(Answer answer, int events) {
		List<Long> positions = new ArrayList<>(events);
		long first = answer.number(0);
		for (int i = 0; i < events; i++) {
			long position = (first > 0) ? first + i : answer.number(i + 1);
			positions.add((position > 0) ? position : DUPLICATE);
		}
		return positions;
	}

	/** A token and the events, for a script that appends them. */
	static byte[][] arguments(List<EventRecord> events) {
		byte[][] arguments = new byte[events.size() + 1][];
		byte[] token = new byte[4];
		ThreadLocalRandom.current().nextBytes(token);
		arguments[0] = token;
		long size = 0;
		for (int i = 0; i < events.size(); i++) {
			arguments[i + 1] = PackedEvents.pack(events.get(i));
			size += arguments[i + 1].length;
		}
		if (events.size() > MAX_EVENTS || size > MAX_BYTES) {
			throw new EventStoreException("Could not store events: " + events.size() + " events of " + (size >> 20)
					+ " MB are too many at once for Redis. At most " + MAX_EVENTS + " events of together "
					+ (MAX_BYTES >> 20) + " MB can be stored as one unit", null);
		}
		return arguments;
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
