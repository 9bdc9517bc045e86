package dev.events.bus;

import java.lang.reflect.Type;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;

import dev.events.Event;
import dev.events.EventPattern;
import dev.events.EventQuery;
import dev.events.SubjectErasedException;
import dev.events.codec.EventCodec;
import dev.events.store.EventCriteria;
import dev.events.store.EventLog;
import dev.events.store.StoredEvent;
import org.jspecify.annotations.Nullable;

/**
 * A query on a log.
 */
final class StoreQuery implements EventQuery {

	private static final int MAX_PAGE = 10_000;

	private static final int STREAM_PAGE = 500;

	private static final Instant AFTER_ALL = Event.LATEST_TIMESTAMP.plusSeconds(1);

	private final EventLog log;

	private final EventCodec codec;

	private final EventCriteria criteria;

	private StoreQuery(EventLog log, EventCodec codec, EventCriteria criteria) {
		this.log = log;
		this.codec = codec;
		this.criteria = criteria;
	}

	static StoreQuery all(EventLog log, EventCodec codec) {
		return new StoreQuery(log, codec, EventCriteria.ALL);
	}

	private StoreQuery with(UnaryOperator<EventCriteria> change) {
		EventCriteria changed = change.apply(this.criteria);
		if (changed.since() != null && changed.until() != null && !changed.since().isBefore(changed.until())) {
			throw new IllegalArgumentException(
					"The time range is empty: since " + changed.since() + " is not before until " + changed.until());
		}
		return new StoreQuery(this.log, this.codec, changed);
	}

	@Override
	public EventQuery type(String... patterns) {
		List<EventPattern> types = Stream.of(patterns).map(EventPattern::of).toList();
		return with((c) -> new EventCriteria(types, c.source(), c.key(), c.organization(), c.correlationId(), c.since(),
				c.until(), c.metadata(), c.newestFirst(), c.beyond()));
	}

	@Override
	public EventQuery source(String source) {
		return with((c) -> new EventCriteria(c.types(), source, c.key(), c.organization(), c.correlationId(), c.since(),
				c.until(), c.metadata(), c.newestFirst(), c.beyond()));
	}

	@Override
	public EventQuery key(String key) {
		return with((c) -> new EventCriteria(c.types(), c.source(), key, c.organization(), c.correlationId(), c.since(),
				c.until(), c.metadata(), c.newestFirst(), c.beyond()));
	}

	@Override
	public EventQuery organization(String organization) {
		return with((c) -> new EventCriteria(c.types(), c.source(), c.key(), organization, c.correlationId(), c.since(),
				c.until(), c.metadata(), c.newestFirst(), c.beyond()));
	}

	@Override
	public EventQuery correlationId(String correlationId) {
		return with((c) -> new EventCriteria(c.types(), c.source(), c.key(), c.organization(), correlationId, c.since(),
				c.until(), c.metadata(), c.newestFirst(), c.beyond()));
	}

	@Override
	public EventQuery since(Instant since) {
		Instant from = storable(since);
		return with((c) -> new EventCriteria(c.types(), c.source(), c.key(), c.organization(), c.correlationId(), from,
				c.until(), c.metadata(), c.newestFirst(), c.beyond()));
	}

	@Override
	public EventQuery until(Instant until) {
		Instant to = storable(until);
		return with((c) -> new EventCriteria(c.types(), c.source(), c.key(), c.organization(), c.correlationId(),
				c.since(), to, c.metadata(), c.newestFirst(), c.beyond()));
	}

	@Override
	public EventQuery metadata(String name, String value) {
		return with((c) -> {
			Map<String, String> metadata = new HashMap<>(c.metadata());
			metadata.put(name, value);
			return new EventCriteria(c.types(), c.source(), c.key(), c.organization(), c.correlationId(), c.since(),
					c.until(), Map.copyOf(metadata), c.newestFirst(), c.beyond());
		});
	}

	@Override
	public EventQuery newestFirst() {
		return with((c) -> new EventCriteria(c.types(), c.source(), c.key(), c.organization(), c.correlationId(),
				c.since(), c.until(), c.metadata(), true, c.beyond()));
	}

	private StoreQuery beyond(long position) {
		return with((c) -> new EventCriteria(c.types(), c.source(), c.key(), c.organization(), c.correlationId(),
				c.since(), c.until(), c.metadata(), c.newestFirst(), position));
	}

	@Override
	public List<Event<Object>> list(int limit) {
		requireSize("limit", limit);
		List<Event<Object>> events = new ArrayList<>();
		for (StoredEvent stored : this.log.query(this.criteria, limit)) {
			events.add(this.codec.decodeOrErased(stored.event()));
		}
		return List.copyOf(events);
	}

	@Override
	public Page page(int size, @Nullable String after) {
		requireSize("size", size);
		StoreQuery query = (after != null) ? beyond(PageToken.position(after)) : this;
		List<StoredEvent> stored = this.log.query(query.criteria, size + 1);
		boolean more = stored.size() > size;
		List<StoredEvent> page = more ? stored.subList(0, size) : stored;
		return new Page(page.stream().map((event) -> this.codec.decodeOrErased(event.event())).toList(),
				more ? PageToken.of(page.get(page.size() - 1).position()) : null);
	}

	@Override
	public Stream<Event<Object>> stream() {
		return stored().map((stored) -> this.codec.decodeOrErased(stored.event()));
	}

	@Override
	@SuppressWarnings("unchecked") // decoded as that class
	public <T> Stream<Event<T>> stream(Class<T> dataType) {
		return stored().flatMap((stored) -> unlessErased(stored, dataType)).map((event) -> (Event<T>) event);
	}

	private Stream<StoredEvent> stored() {
		return Stream.iterate(nextPage(this), (page) -> !page.isEmpty(), (page) -> nextPageAfter(page))
			.flatMap(List::stream);
	}

	private Stream<Event<Object>> unlessErased(StoredEvent stored, Type dataType) {
		try {
			return Stream.of(this.codec.decode(stored.event(), dataType));
		}
		catch (SubjectErasedException ex) {
			return Stream.empty();
		}
	}

	private List<StoredEvent> nextPageAfter(List<StoredEvent> page) {
		return (page.size() < STREAM_PAGE) ? List.of() : nextPage(beyond(page.get(page.size() - 1).position()));
	}

	private static List<StoredEvent> nextPage(StoreQuery query) {
		return query.log.query(query.criteria, STREAM_PAGE);
	}

	/** A time that means the same for events, and that every store understands. */
	static Instant storable(Instant time) {
		if (time.isBefore(Event.EARLIEST_TIMESTAMP)) {
			return Event.EARLIEST_TIMESTAMP;
		}
		return time.isAfter(AFTER_ALL) ? AFTER_ALL : time;
	}

	private static void requireSize(String name, int size) {
		if (size < 1 || size > MAX_PAGE) {
			throw new IllegalArgumentException(name + " is " + size + "; it must be from 1 to " + MAX_PAGE);
		}
	}

}
