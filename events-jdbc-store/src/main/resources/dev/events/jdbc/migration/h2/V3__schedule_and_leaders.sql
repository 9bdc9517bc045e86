-- Events that wait for their time. One transaction moves those that are due into event_store.
create table ${prefix}event_schedule (
	number bigint generated always as identity (no cache),
	due_at timestamp(6) with time zone not null,
	id uuid not null,
	event_type varchar(200) not null,
	version varchar(20) not null,
	source varchar(200) not null,
	event_key varchar(200),
	organization varchar(200),
	user_id varchar(200),
	correlation_id varchar(200),
	causation_id varchar(200),
	occurred_at timestamp(6) with time zone not null,
	data character large object not null,
	metadata character large object,
	constraint ${prefix}event_schedule_pk primary key (number),
	-- one that is not valid would be refused by the log when it is due, and all behind it would wait
	constraint ${prefix}event_schedule_type_is_valid
		check (regexp_like(event_type, '^[A-Za-z0-9_-]+([.:][A-Za-z0-9_-]+)*$'))
);

-- schedules an id once; cancels by id
create unique index ${prefix}event_schedule_id on ${prefix}event_schedule (id);
-- what is due next
create index ${prefix}event_schedule_due on ${prefix}event_schedule (due_at, number);

-- Which node does what only one of them has to do.
create table ${prefix}event_leaders (
	task varchar(200) not null,
	node_id varchar(200) not null,
	leads_until timestamp(6) with time zone not null,
	constraint ${prefix}event_leaders_pk primary key (task)
);
