-- What processes (sagas, aggregations) keep from one event to the next.
create table ${prefix}event_processes (
	process varchar(200) not null,
	process_key varchar(200) not null,
	version bigint not null,
	status varchar(50) not null,
	state character large object not null,
	due_at timestamp(6) with time zone,
	created_at timestamp(6) with time zone not null default current_timestamp(6),
	changed_at timestamp(6) with time zone not null default current_timestamp(6),
	constraint ${prefix}event_processes_pk primary key (process, process_key)
);

-- what is due next, asked every second, however many wait behind it or have ended
create index ${prefix}event_processes_due on ${prefix}event_processes (process, due_at);
-- lists and counts of one status; the rest of a list goes by the primary key
create index ${prefix}event_processes_status on ${prefix}event_processes (process, status, process_key);
