package dev.events.jdbc;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

import org.jspecify.annotations.Nullable;

/**
 * Executes statements on a connection, with parameters by position.
 */
final class Sql {

	// no statement of ours takes long; one that does must not hang a thread for ever
	private static final int TIMEOUT_SECONDS = 30;

	private Sql() {
	}

	static <T> List<T> query(Connection connection, String sql, RowReader<T> reader, @Nullable Object... parameters)
			throws SQLException {
		return query(connection, sql, TIMEOUT_SECONDS, reader, parameters);
	}

	static <T> List<T> query(Connection connection, String sql, int timeoutSeconds, RowReader<T> reader,
			@Nullable Object... parameters) throws SQLException {
		try (PreparedStatement statement = connection.prepareStatement(sql)) {
			limitTime(connection, statement, timeoutSeconds);
			return query(statement, reader, parameters);
		}
	}

	/** On PostgreSQL, for tables that may be empty for long and then large at once. */
	static <T> List<T> queryPlannedAnew(Connection connection, String sql, RowReader<T> reader,
			@Nullable Object... parameters) throws SQLException {
		try (PreparedStatement statement = connection.prepareStatement(sql)) {
			PlannedAnew.prepare(statement);
			limitTime(connection, statement, TIMEOUT_SECONDS);
			return query(statement, reader, parameters);
		}
	}

	/** Takes as long as it takes; for what is part of somebody else's transaction. */
	static <T> List<T> queryUnlimited(Connection connection, String sql, RowReader<T> reader,
			@Nullable Object... parameters) throws SQLException {
		try (PreparedStatement statement = connection.prepareStatement(sql)) {
			return query(statement, reader, parameters);
		}
	}

	private static <T> List<T> query(PreparedStatement statement, RowReader<T> reader, @Nullable Object... parameters)
			throws SQLException {
		set(statement, parameters);
		try (ResultSet rows = statement.executeQuery()) {
			List<T> result = new ArrayList<>();
			while (rows.next()) {
				result.add(reader.read(rows));
			}
			return result;
		}
	}

	static <T> Optional<T> queryOne(Connection connection, String sql, RowReader<T> reader,
			@Nullable Object... parameters) throws SQLException {
		return query(connection, sql, reader, parameters).stream().findFirst();
	}

	static long queryLong(Connection connection, String sql, @Nullable Object... parameters) throws SQLException {
		return query(connection, sql, (rows) -> rows.getLong(1), parameters).get(0);
	}

	static int update(Connection connection, String sql, @Nullable Object... parameters) throws SQLException {
		try (PreparedStatement statement = connection.prepareStatement(sql)) {
			limitTime(connection, statement, TIMEOUT_SECONDS);
			set(statement, parameters);
			return statement.executeUpdate();
		}
	}

	/** Executes one statement with many sets of parameters, in one round trip. */
	static int[] batch(Connection connection, String sql, List<@Nullable Object[]> parameters) throws SQLException {
		if (parameters.isEmpty()) {
			return new int[0];
		}
		try (PreparedStatement statement = connection.prepareStatement(sql)) {
			limitTime(connection, statement, TIMEOUT_SECONDS);
			for (@Nullable
			Object[] set : parameters) {
				set(statement, set);
				statement.addBatch();
			}
			return statement.executeBatch();
		}
	}

	private static void limitTime(Connection connection, PreparedStatement statement, int seconds) throws SQLException {
		// H2 would keep it for the session, so for the application's statements too
		if (!"H2".equals(connection.getMetaData().getDatabaseProductName())) {
			statement.setQueryTimeout(seconds);
		}
	}

	private static void set(PreparedStatement statement, @Nullable Object... parameters) throws SQLException {
		for (int i = 0; i < parameters.length; i++) {
			Object value = parameters[i];
			if (value instanceof Instant instant) {
				value = OffsetDateTime.ofInstant(instant, ZoneOffset.UTC);
			}
			statement.setObject(i + 1, value);
		}
	}

	static Instant instant(ResultSet rows, String column) throws SQLException {
		return rows.getObject(column, OffsetDateTime.class).toInstant();
	}

	static @Nullable Instant nullableInstant(ResultSet rows, String column) throws SQLException {
		OffsetDateTime value = rows.getObject(column, OffsetDateTime.class);
		return (value != null) ? value.toInstant() : null;
	}

	/**
	 * Reads the current row.
	 *
	 * @param <T> what it makes of it
	 */
	interface RowReader<T> {

		T read(ResultSet rows) throws SQLException;

	}

}
