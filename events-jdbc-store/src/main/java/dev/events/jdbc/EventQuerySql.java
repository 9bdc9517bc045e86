package dev.events.jdbc;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.TreeMap;
import java.util.UUID;

import dev.events.EventPattern;
import dev.events.store.EventCriteria;
import dev.events.store.EventSelection;
import dev.events.store.StoredEvent;
import org.jspecify.annotations.Nullable;

/**
 * Turns criteria into SQL. What a database cannot decide is left out; the caller checks
 * again.
 */
final class EventQuerySql {

	private final Tables tables;

	private final Dialect dialect;

	EventQuerySql(Tables tables, Dialect dialect) {
		this.tables = tables;
		this.dialect = dialect;
	}

	/**
	 * Reads events that may meet the criteria.
	 * @param range where to look
	 */
	List<StoredEvent> execute(Connection connection, EventCriteria criteria, PositionRange range, int limit)
			throws SQLException {
		Select select = page(criteria, range, limit);
		return Sql.query(connection, select.sql, EventRows::stored, select.parameters.toArray());
	}

	/**
	 * The first events of each type or pattern on their own, and of these the first ones:
	 * for several types at once the planner would rather walk the log than take the index
	 * several times, and walk all of it where they are rare.
	 */
	Select page(EventCriteria criteria, PositionRange range, int limit) {
		List<@Nullable Object> parameters = new ArrayList<>();
		String page = " order by position" + (criteria.newestFirst() ? " desc" : "") + " fetch first ? rows only";
		List<String> branches = new ArrayList<>();
		for (TypeBranch branch : TypeBranch.of(criteria)) {
			branches.add(select("position, " + EventRows.COLUMNS, branch, criteria, range, parameters) + page);
			parameters.add(limit);
		}
		if (branches.size() == 1) {
			return new Select(branches.get(0), parameters);
		}
		parameters.add(limit);
		return new Select("select * from ((" + String.join(") union all (", branches) + ")) as e" + page, parameters);
	}

	/** Counts events by type, however long that takes. */
	Map<String, Long> count(Connection connection, EventCriteria criteria, PositionRange range, long upTo)
			throws SQLException {
		List<@Nullable Object> parameters = new ArrayList<>();
		StringBuilder sql = select("event_type, count(*)", TypeBranch.all(criteria), criteria, range, parameters)
			.append(" and position <= ? group by event_type");
		parameters.add(upTo);
		Map<String, Long> counts = new TreeMap<>();
		Sql.queryUnlimited(connection, sql.toString(), (rows) -> counts.put(rows.getString(1), rows.getLong(2)),
				parameters.toArray());
		return counts;
	}

	private StringBuilder select(String columns, TypeBranch branch, EventCriteria criteria, PositionRange range,
			List<@Nullable Object> parameters) {
		StringBuilder sql = new StringBuilder("select ").append(columns)
			.append(" from ")
			.append(this.tables.store())
			.append(" where 1 = 1");
		if (!branch.types().isEmpty()) {
			sql.append(" and (").append(types(branch.types(), parameters)).append(")");
		}
		if (!branch.except().isEmpty()) {
			sql.append(" and not (").append(types(branch.except(), parameters)).append(")");
		}
		equal(sql, parameters, "source = ?", criteria.source());
		equal(sql, parameters, "event_key = ?", criteria.key());
		equal(sql, parameters, "organization = ?", criteria.organization());
		if (criteria.correlationId() != null) {
			sql.append(" and (").append(correlation(criteria.correlationId(), parameters)).append(")");
		}
		equal(sql, parameters, "occurred_at >= ?", criteria.since());
		equal(sql, parameters, "occurred_at < ?", criteria.until());
		if (!criteria.metadata().isEmpty() && !this.dialect.metadataContains().isEmpty()) {
			equal(sql, parameters, this.dialect.metadataContains(), EventRows.json(criteria.metadata()));
		}
		equal(sql, parameters, "position > ?", (range.after() > 0) ? range.after() : null);
		equal(sql, parameters, "position <= ?", (range.upTo() < Long.MAX_VALUE) ? range.upTo() : null);
		equal(sql, parameters, criteria.newestFirst() ? "position < ?" : "position > ?", criteria.beyond());
		return sql;
	}

	/** Position of the newest event of a selection behind so many newer ones. */
	OptionalLong newest(Connection connection, EventSelection events, long newer) throws SQLException {
		StringBuilder sql = new StringBuilder("select position from ").append(this.tables.store())
			.append(" where 1 = 1");
		List<@Nullable Object> parameters = new ArrayList<>();
		if (!events.type().toString().equals("**")) {
			sql.append(" and (").append(type(events.type(), parameters)).append(")");
		}
		if (!events.except().isEmpty()) {
			sql.append(" and not (").append(types(events.except(), parameters)).append(")");
		}
		sql.append(" order by position desc offset ? rows fetch first 1 row only");
		parameters.add(newer);
		return Sql.query(connection, sql.toString(), (rows) -> rows.getLong(1), parameters.toArray())
			.stream()
			.mapToLong(Long::longValue)
			.findFirst();
	}

	private String types(List<EventPattern> patterns, List<@Nullable Object> parameters) {
		List<String> conditions = new ArrayList<>();
		for (EventPattern pattern : patterns) {
			conditions.add(type(pattern, parameters));
		}
		return String.join(" or ", conditions);
	}

	private String type(EventPattern pattern, List<@Nullable Object> parameters) {
		if (pattern.isLiteral()) {
			parameters.add(pattern.toString());
			return "event_type = ?";
		}
		String prefix = pattern.literalPrefix();
		if (prefix.isEmpty()) {
			parameters.add(pattern.regex());
			return this.dialect.typeMatches();
		}
		// the prefix lets the index on the type be used
		parameters.add(prefix.replace("_", "\\_") + "%");
		parameters.add(pattern.regex());
		return "event_type like ? and " + this.dialect.typeMatches();
	}

	private String correlation(String correlationId, List<@Nullable Object> parameters) {
		parameters.add(correlationId);
		try {
			parameters.add(UUID.fromString(correlationId));
		}
		catch (IllegalArgumentException ex) {
			return this.dialect.correlationIs();
		}
		parameters.add(correlationId);
		// the first event of the chain; one that was inserted by plain SQL may have none
		return this.dialect.correlationIs() + " or id = ? and (correlation_id is null or correlation_id = ?)";
	}

	private static void equal(StringBuilder sql, List<@Nullable Object> parameters, String condition,
			@Nullable Object value) {
		if (value != null) {
			sql.append(" and ").append(condition);
			parameters.add(value);
		}
	}

	/**
	 * A statement.
	 *
	 * @param sql its text
	 * @param parameters its parameters
	 */
	record Select(String sql, List<@Nullable Object> parameters) {

	}

}
