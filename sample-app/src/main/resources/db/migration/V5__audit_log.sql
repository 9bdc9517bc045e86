create table audit_log (
	number bigint generated always as identity primary key,
	event_id uuid not null unique,
	type varchar(200) not null,
	source varchar(200) not null,
	event_key varchar(200),
	correlation_id varchar(200),
	request varchar(2000),
	happened_at timestamp with time zone not null
);
