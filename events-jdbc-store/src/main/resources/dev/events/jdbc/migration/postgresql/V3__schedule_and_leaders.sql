-- Events that wait for their time. One statement moves those that are due into event_store.
create table ${prefix}event_schedule (
	number bigint generated always as identity,
	due_at timestamptz not null,
	id uuid not null,
	event_type varchar(200) not null,
	version varchar(20) not null,
	source varchar(200) not null,
	event_key varchar(200),
	organization varchar(200),
	user_id varchar(200),
	correlation_id varchar(200),
	causation_id varchar(200),
	occurred_at timestamptz not null,
	data json not null,
	metadata jsonb,
	constraint ${prefix}event_schedule_pk primary key (number),
	-- one that is not valid would be refused by the log when it is due, and all behind it would wait
	constraint ${prefix}event_schedule_type_is_valid check (event_type ~ '^[A-Za-z0-9_-]+(?:[.:][A-Za-z0-9_-]+)*$')
) with (autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 10000);

-- schedules an id once; cancels by id
create unique index ${prefix}event_schedule_id on ${prefix}event_schedule (id);
-- what is due next, however many wait behind it
create index ${prefix}event_schedule_due on ${prefix}event_schedule (due_at, number);
-- whether something of the same key is held back by a transaction that may cancel it
create index ${prefix}event_schedule_key on ${prefix}event_schedule (event_key, due_at, number)
	where event_key is not null;

-- Which node does what only one of them has to do. Updated for every batch: no index but the key, so that
-- updates stay in place (HOT).
create table ${prefix}event_leaders (
	task varchar(200) not null,
	node_id varchar(200) not null,
	leads_until timestamptz not null,
	constraint ${prefix}event_leaders_pk primary key (task)
) with (fillfactor = 50);
