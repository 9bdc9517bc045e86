package dev.events.torture;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;

import dev.events.torture.check.Effect;
import dev.events.torture.check.Published;

/**
 * Reads the tables.
 */
final class PostgresContents {

	private static final String UNDONE = """
			select subscription_id || '/' || partition_no || ' at ' || position from event_cursors
			where position < (select max(position) from event_store)
			union all
			select subscription_id || ' ' || status || ' ' || count(*) from event_deliveries
			where status <> 'DEAD' or holding group by subscription_id, status
			union all
			select subscription_id || ' ' || state from event_replays where state in ('RUNNING', 'PAUSED')""";

	private PostgresContents() {
	}

	static String undone(Connection connection) throws SQLException {
		List<String> undone = new ArrayList<>();
		each(connection, UNDONE, (row) -> undone.add(row.getString(1)));
		return String.join(", ", undone);
	}

	static Contents read(Connection connection) throws SQLException {
		Map<UUID, Published> published = new HashMap<>();
		List<UUID> log = new ArrayList<>();
		Map<String, Set<UUID>> dead = new HashMap<>();
		List<Effect> effects = new ArrayList<>();
		each(connection, "select event_id, event_key, seq from published", (row) -> {
			UUID id = id(row, 1);
			published.put(id, new Published(id, row.getString(2), row.getLong(3)));
		});
		each(connection, "select id from event_store order by position", (row) -> log.add(id(row, 1)));
		each(connection, "select subscription_id, id from event_deliveries where status = 'DEAD'",
				(row) -> dead.computeIfAbsent(row.getString(1), (first) -> new HashSet<>()).add(id(row, 2)));
		each(connection, "select number, subscriber, event_id, event_key, seq from effects order by number",
				(row) -> effects
					.add(new Effect(row.getLong(1), row.getString(2), id(row, 3), row.getString(4), row.getLong(5))));
		return new Contents(published, log, dead, effects);
	}

	private static void each(Connection connection, String sql, Row use) throws SQLException {
		try (Statement statement = connection.createStatement(); ResultSet rows = statement.executeQuery(sql)) {
			while (rows.next()) {
				use.read(rows);
			}
		}
	}

	private static UUID id(ResultSet row, int column) throws SQLException {
		return row.getObject(column, UUID.class);
	}

	/**
	 * What to do with a row.
	 */
	private interface Row {

		void read(ResultSet row) throws SQLException;

	}

}
