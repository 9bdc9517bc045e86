package dev.events.jdbc;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;

import dev.events.store.EventRecord;

/**
 * Releases with one statement that commits by itself: wherever a node dies or falls
 * asleep, the server does all of it or nothing, and no lock outlives it.
 * <p>
 * Why the order is kept: an advisory lock lets one release at a time pass, until its rows
 * can be seen, so what a later one takes gets greater positions. What that later one sees
 * of the time before is harmless: rows that are gone meanwhile are passed over when they
 * are locked. Rows locked by others are about to be cancelled, and perhaps not in the
 * end; they stay, and with them what is behind them with the same key.
 * <p>
 * What is due is looked for once, as far as the limit, which is part of the text, so that
 * the planner knows it; then rows are taken by their place, which does not change.
 */
final class PostgresScheduling implements Scheduling {

	// in a key space of its own: not that of the trigger's locks. "EVSC" in ASCII
	private static final int LOCK = 0x45565343;

	private final String add;

	private final String release;

	PostgresScheduling(Tables tables) {
		this.add = "insert into " + tables.schedule() + " (" + EventRows.COLUMNS + ", due_at)"
				+ " select e.*, ?::timestamptz from (values (?::uuid, ?, ?, ?, ?, ?, ?, ?, ?, ?::timestamptz, ?::json,"
				+ " ?::jsonb)) as e(" + EventRows.COLUMNS + ")" + " where not exists (select 1 from " + tables.store()
				+ " s where s.id = e.id)" + " on conflict (id) do nothing";
		this.release = """
				with gate as materialized (
					select pg_try_advisory_xact_lock(%4$d, '%1$s'::regclass::oid::integer) as is_open
				), due as materialized (
					select ctid as place, number, due_at, event_key from %1$s
					where due_at <= statement_timestamp() and (select is_open from gate)
					order by due_at, number fetch first %5$s rows only
				), locked as materialized (
					select number from %1$s where ctid = any(array(select place from due)) for update skip locked
				), held as materialized (
					select distinct on (event_key) event_key, due_at, number from due
					where event_key is not null and number not in (select number from locked)
					order by event_key, due_at, number
				), freed as (
					delete from %1$s where ctid = any(array(
						select d.place from due d
						where d.number in (select number from locked) and not exists (
							select 1 from held h
							where h.event_key = d.event_key and (h.due_at, h.number) < (d.due_at, d.number))))
					returning *
				)
				insert into %2$s (%3$s) select %3$s from freed order by due_at, number
				on conflict (id) do nothing returning event_type
				""".formatted(tables.schedule(), tables.store(), EventRows.COLUMNS, LOCK, "%d");
	}

	@Override
	public boolean add(Connection connection, EventRecord event, Instant dueAt) throws SQLException {
		return Sql.update(connection, this.add, dueAt.toString(), event.id(), event.type(), event.version(),
				event.source(), event.key(), event.organization(), event.user(), event.correlationId(),
				event.causationId(), event.timestamp().toString(), event.data(), EventRows.metadata(event)) > 0;
	}

	@Override
	public List<String> release(Database database, int limit) {
		return database.autocommit("release scheduled events", (connection) -> Sql.queryPlannedAnew(connection,
				this.release.formatted(limit), (rows) -> rows.getString(1)));
	}

}
