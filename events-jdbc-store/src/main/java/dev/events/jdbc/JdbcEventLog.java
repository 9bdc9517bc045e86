package dev.events.jdbc;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.UUID;

import dev.events.store.EventCriteria;
import dev.events.store.EventLog;
import dev.events.store.EventRecord;
import dev.events.store.EventSelection;
import dev.events.store.ExpiredPage;
import dev.events.store.Expiry;
import dev.events.store.LogSegment;
import dev.events.store.StoredEvent;
import org.jspecify.annotations.Nullable;

/**
 * The log as a table, in the order of an identity column.
 */
final class JdbcEventLog implements EventLog {

	// positions; reading so many costs less than another statement
	private static final int FIRST_WINDOW = 1000;

	private final Database database;

	private final Tables tables;

	private final Appender appender;

	private final Horizon horizon;

	private final CallersWork callersWork;

	private final EventQuerySql queries;

	private final @Nullable BlockTimes blockTimes;

	private final String readAfter;

	private final String readRange;

	private final String readHeaders;

	private final String positionsAfter;

	private final String delete;

	JdbcEventLog(Database database, Tables tables, Dialect dialect, Horizon horizon, CallersWork callersWork,
			@Nullable BlockTimes blockTimes) {
		this.blockTimes = blockTimes;
		this.database = database;
		this.callersWork = callersWork;
		this.tables = tables;
		this.appender = dialect.appender(tables);
		this.horizon = horizon;
		this.queries = new EventQuerySql(tables, dialect);
		String select = "select position, " + EventRows.COLUMNS + " from " + tables.store() + " where position > ?";
		this.readAfter = select + " order by position fetch first ? rows only";
		this.readHeaders = "select position, event_type, occurred_at from " + tables.store()
				+ " where position > ? and position <= ? order by position fetch first ? rows only";
		this.positionsAfter = "select position from " + tables.store()
				+ " where position > ? order by position fetch first 100 rows only";
		this.delete = "delete from " + tables.store() + " where position = any(?)";
		this.readRange = select + " and position <= ? order by position fetch first ? rows only";
	}

	@Override
	public List<Long> append(List<EventRecord> events) {
		if (events.isEmpty()) {
			return List.of();
		}
		boolean single = events.size() == 1;
		return this.callersWork.execute(single ? "append an event" : "append events", single,
				(connection) -> this.appender.append(connection, events));
	}

	@Override
	public LogSegment follow(long after, int limit) {
		return this.database.autocommit("read the log", (connection) -> {
			List<StoredEvent> events = readAfter(connection, after, limit);
			if (isContiguous(after, events)) {
				return segment(after, events, limit, after);
			}
			// all positions below one that can be seen have been drawn
			long drawn = events.get(events.size() - 1).position();
			long horizon = this.horizon.settled(connection, drawn);
			return segment(after, readAfter(connection, after, limit), limit, horizon);
		});
	}

	@Override
	public LogSegment followQuickly(long after, int limit) {
		return this.database.autocommit("read the log",
				(connection) -> segment(after, readAfter(connection, after, limit), limit, after));
	}

	/** One more than asked for tells whether there is more. */
	private List<StoredEvent> readAfter(Connection connection, long after, int limit) throws SQLException {
		return Sql.query(connection, this.readAfter, EventRows::stored, after, limit + 1);
	}

	private static boolean isContiguous(long after, List<StoredEvent> events) {
		return events.isEmpty() || events.get(events.size() - 1).position() - after == events.size();
	}

	/** Up to the horizon holes are empty for good; beyond it the first one stops us. */
	private static LogSegment segment(long after, List<StoredEvent> events, int limit, long horizon) {
		long settled = after;
		int count = 0;
		while (count < Math.min(limit, events.size())) {
			long position = events.get(count).position();
			if (position > horizon && position != Math.max(settled, horizon) + 1) {
				break;
			}
			settled = position;
			count++;
		}
		boolean more = count < events.size();
		if (!more || events.get(count).position() > horizon) {
			// nothing else is visible up to the horizon, and nothing will be
			settled = Math.max(settled, horizon);
		}
		return new LogSegment(List.copyOf(events.subList(0, count)), settled, more);
	}

	@Override
	public List<StoredEvent> read(long after, long upTo, int limit) {
		return this.database.autocommit("read the log",
				(connection) -> Sql.query(connection, this.readRange, EventRows::stored, after, upTo, limit));
	}

	@Override
	public long head() {
		return this.database.autocommit("read the log",
				(connection) -> endOfRun(connection, this.horizon.head(connection)));
	}

	/**
	 * What follows without a hole is settled, whoever publishes at the moment: followers
	 * have it, so a replay or a new subscription must know of it.
	 */
	private long endOfRun(Connection connection, long settled) throws SQLException {
		long end = settled;
		while (true) {
			List<Long> positions = Sql.query(connection, this.positionsAfter, (rows) -> rows.getLong(1), end);
			for (long position : positions) {
				if (position != end + 1) {
					return end;
				}
				end = position;
			}
			if (positions.isEmpty()) {
				return end;
			}
		}
	}

	@Override
	public List<StoredEvent> readAll(Collection<Long> positions) {
		if (positions.isEmpty()) {
			return List.of();
		}
		String sql = "select position, " + EventRows.COLUMNS + " from " + this.tables.store()
				+ " where position = any(?) order by position";
		return this.database.autocommit("read the log", (connection) -> Sql.query(connection, sql, EventRows::stored,
				connection.createArrayOf("bigint", positions.toArray())));
	}

	@Override
	public Optional<StoredEvent> find(UUID id) {
		String sql = "select position, " + EventRows.COLUMNS + " from " + this.tables.store() + " where id = ?";
		return this.database.autocommit("read the log",
				(connection) -> Sql.queryOne(connection, sql, EventRows::stored, id));
	}

	@Override
	public Map<String, Long> count(EventCriteria criteria, long upTo) {
		if (!criteria.metadata().isEmpty()) {
			// not every database can decide that
			return EventLog.super.count(criteria, upTo);
		}
		return this.database.autocommit("count events", (connection) -> {
			Map<String, Long> counts = new TreeMap<>();
			for (PositionRange range : ranges(connection, criteria)) {
				if (range.isAhead(criteria)) {
					this.queries.count(connection, criteria, range, upTo)
						.forEach((type, count) -> counts.merge(type, count, Long::sum));
				}
			}
			return counts;
		});
	}

	@Override
	public List<StoredEvent> query(EventCriteria criteria, int limit) {
		return this.database.autocommit("query events", (connection) -> {
			List<StoredEvent> result = new ArrayList<>();
			for (PositionRange range : ranges(connection, criteria)) {
				if (result.size() < limit && range.isAhead(criteria)) {
					result.addAll(queryInWindows(connection, criteria, range, limit - result.size()));
				}
			}
			return List.copyOf(result);
		});
	}

	/**
	 * A server that does not know a log yet, because it was filled or restored just now,
	 * would gather and sort all that is left of it for every page. The first event alone
	 * it takes from an index all the same; and chains are short.
	 */
	private List<StoredEvent> queryInWindows(Connection connection, EventCriteria criteria, PositionRange range,
			int limit) throws SQLException {
		if (limit == 1 || criteria.correlationId() != null) {
			return query(connection, criteria, range, limit);
		}
		List<StoredEvent> result = new ArrayList<>();
		for (PositionRange window : range.windows(criteria, Math.max(FIRST_WINDOW, 2L * limit))) {
			if (result.size() < limit) {
				result.addAll(query(connection, criteria.beyond(null), window, limit - result.size()));
			}
		}
		return result;
	}

	/** What the database cannot decide is decided here. */
	private List<StoredEvent> query(Connection connection, EventCriteria criteria, PositionRange range, int limit)
			throws SQLException {
		List<StoredEvent> result = new ArrayList<>();
		EventCriteria rest = criteria;
		while (true) {
			List<StoredEvent> page = this.queries.execute(connection, rest, range, limit);
			page.stream().filter((event) -> criteria.matches(event.event())).forEach(result::add);
			if (page.size() < limit || result.size() >= limit) {
				return result.subList(0, Math.min(limit, result.size()));
			}
			rest = criteria.beyond(page.get(page.size() - 1).position());
		}
	}

	/**
	 * Where to look, in the order of the query. A key or a chain has so few events that
	 * their times need no help.
	 */
	private List<PositionRange> ranges(Connection connection, EventCriteria criteria) throws SQLException {
		if (this.blockTimes == null || criteria.since() == null && criteria.until() == null || criteria.key() != null
				|| criteria.correlationId() != null) {
			return List.of(PositionRange.ALL);
		}
		List<PositionRange> ranges = new ArrayList<>(
				this.blockTimes.ranges(connection, criteria.since(), criteria.until()));
		if (criteria.newestFirst()) {
			Collections.reverse(ranges);
		}
		return ranges;
	}

	@Override
	public int delete(Collection<Long> positions) {
		if (positions.isEmpty()) {
			return 0;
		}
		return this.database.autocommit("delete events", (connection) -> Sql.update(connection, this.delete,
				connection.createArrayOf("bigint", positions.toArray())));
	}

	/** Without the data, which may be large. */
	@Override
	public ExpiredPage expired(Expiry expiry, long after, long upTo, int limit) {
		List<ExpiredPage.Header> headers = this.database.autocommit("look for expired events",
				(connection) -> Sql.query(connection, this.readHeaders,
						(rows) -> new ExpiredPage.Header(rows.getLong(1), rows.getString(2),
								Sql.instant(rows, "occurred_at")),
						after, upTo, limit));
		return ExpiredPage.of(expiry, headers, limit, upTo);
	}

	@Override
	public long newest(EventSelection events, long newer) {
		return this.database.autocommit("count events", (connection) -> this.queries.newest(connection, events, newer))
			.orElse(0);
	}

}
