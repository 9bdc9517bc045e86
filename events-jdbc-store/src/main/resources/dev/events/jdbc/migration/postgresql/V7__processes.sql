-- What processes (sagas, aggregations) keep from one event to the next.
create table ${prefix}event_processes (
	process varchar(200) collate "C" not null,
	process_key varchar(200) collate "C" not null,
	version bigint not null,
	status varchar(50) collate "C" not null,
	state text not null,
	due_at timestamptz,
	created_at timestamptz not null default statement_timestamp(),
	changed_at timestamptz not null default statement_timestamp(),
	constraint ${prefix}event_processes_pk primary key (process, process_key)
) with (fillfactor = 70, autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 5000);

-- what is due next, asked every second, however many wait behind it or have ended
create index ${prefix}event_processes_due on ${prefix}event_processes (process, due_at) where due_at is not null;
-- lists and counts of one status; the rest of a list goes by the primary key
create index ${prefix}event_processes_status on ${prefix}event_processes (process, status, process_key);
