package dev.events.jdbc;

import java.time.Duration;
import java.util.regex.Pattern;

import org.jspecify.annotations.Nullable;

/**
 * Where the tables are and how they are read.
 *
 * @param schema schema of the tables, or {@code null} for the connection's current one
 * @param tablePrefix put in front of every table name; may be empty
 * @param gapTimeout on databases that cannot tell whether a missing position will still
 * appear: how long it is waited for. Not used on PostgreSQL
 * @param notifications whether nodes notify each other at once, with a connection for
 * each node that has others beside it. PostgreSQL only
 */
public record JdbcEventStoreSettings(@Nullable String schema, String tablePrefix, Duration gapTimeout,
		boolean notifications) {

	private static final Pattern SCHEMA = Pattern.compile("[a-z_][a-z0-9_]{0,62}");

	private static final Pattern PREFIX = Pattern.compile("([a-z_][a-z0-9_]{0,19})?");

	/** Current schema, no prefix, one minute, with notifications. */
	public static final JdbcEventStoreSettings DEFAULT = new JdbcEventStoreSettings(null, "", Duration.ofMinutes(1),
			true);

	public JdbcEventStoreSettings(@Nullable String schema, String tablePrefix, Duration gapTimeout) {
		this(schema, tablePrefix, gapTimeout, true);
	}

	public JdbcEventStoreSettings {
		if (schema != null && !SCHEMA.matcher(schema).matches()) {
			throw new IllegalArgumentException("events.jdbc.schema is '" + schema
					+ "'; write a name of lower-case letters, digits and underscores, for example events");
		}
		if (!PREFIX.matcher(tablePrefix).matches()) {
			throw new IllegalArgumentException("events.jdbc.table-prefix is '" + tablePrefix
					+ "'; write at most 20 lower-case letters, digits and underscores, for example shop_");
		}
		if (gapTimeout.isNegative() || gapTimeout.isZero()) {
			throw new IllegalArgumentException("events.jdbc.gap-timeout is " + gapTimeout
					+ "; write a positive duration, longer than any transaction that publishes, for example 1m");
		}
	}

}
