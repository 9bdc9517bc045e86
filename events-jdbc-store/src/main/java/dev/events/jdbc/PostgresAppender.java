package dev.events.jdbc;

import java.sql.Array;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.Function;

import dev.events.store.EventLog;
import dev.events.store.EventRecord;
import org.jspecify.annotations.Nullable;

/**
 * One statement whatever the number of events: several travel as arrays, which needs no
 * option of the driver and costs what its rewritten batches do.
 */
final class PostgresAppender implements Appender {

	private final String one;

	private final String many;

	PostgresAppender(Tables tables) {
		String insert = "insert into " + tables.store() + " (" + EventRows.COLUMNS + ")";
		this.one = insert + " values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?::timestamptz, ?::json, ?::jsonb)"
				+ " on conflict (id) do nothing returning position";
		this.many = insert + " select id::uuid, t, v, s, k, o, u, r, a, w::timestamptz, d::json, m::jsonb"
				+ " from unnest(?::text[], ?::text[], ?::text[], ?::text[], ?::text[], ?::text[], ?::text[],"
				+ " ?::text[], ?::text[], ?::text[], ?::text[], ?::text[])"
				+ " with ordinality as e(id, t, v, s, k, o, u, r, a, w, d, m, n) order by n"
				+ " on conflict (id) do nothing returning id, position";
	}

	@Override
	public List<Long> append(Connection connection, List<EventRecord> events) throws SQLException {
		return (events.size() == 1) ? one(connection, events.get(0)) : many(connection, events);
	}

	private List<Long> one(Connection connection, EventRecord event) throws SQLException {
		List<Long> position = Sql.queryUnlimited(connection, this.one, (rows) -> rows.getLong(1), event.id(),
				event.type(), event.version(), event.source(), event.key(), event.organization(), event.user(),
				event.correlationId(), event.causationId(), event.timestamp().toString(), event.data(),
				EventRows.metadata(event));
		return position.isEmpty() ? List.of(EventLog.DUPLICATE) : position;
	}

	private List<Long> many(Connection connection, List<EventRecord> events) throws SQLException {
		Map<UUID, Long> positions = new HashMap<>();
		Sql.queryUnlimited(connection, this.many,
				(rows) -> positions.put(rows.getObject(1, UUID.class), rows.getLong(2)),
				texts(connection, events, (event) -> event.id().toString()),
				texts(connection, events, EventRecord::type), texts(connection, events, EventRecord::version),
				texts(connection, events, EventRecord::source), texts(connection, events, EventRecord::key),
				texts(connection, events, EventRecord::organization), texts(connection, events, EventRecord::user),
				texts(connection, events, EventRecord::correlationId),
				texts(connection, events, EventRecord::causationId),
				texts(connection, events, (event) -> event.timestamp().toString()),
				texts(connection, events, EventRecord::data), texts(connection, events, EventRows::metadata));
		List<Long> result = new ArrayList<>(events.size());
		for (EventRecord event : events) {
			// a second event with the same id in the list finds nothing left
			Long position = positions.remove(event.id());
			result.add((position != null) ? position : Long.valueOf(EventLog.DUPLICATE));
		}
		return result;
	}

	/**
	 * The driver sends arrays of strings as they are; those of anything else as one
	 * quoted text.
	 */
	private static Array texts(Connection connection, List<EventRecord> events,
			Function<EventRecord, @Nullable String> column) throws SQLException {
		@Nullable String[] texts = new @Nullable String[events.size()];
		for (int i = 0; i < texts.length; i++) {
			texts[i] = column.apply(events.get(i));
		}
		return connection.createArrayOf("text", texts);
	}

}
