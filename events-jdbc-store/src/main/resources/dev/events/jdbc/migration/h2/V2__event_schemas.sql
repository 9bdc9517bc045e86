-- Schemas of event types. Rows are added and never changed.
create table ${prefix}event_schemas (
	event_type varchar(200) not null,
	version varchar(20) not null,
	document character large object not null,
	created_at timestamp(6) with time zone not null default current_timestamp(6),
	constraint ${prefix}event_schemas_pk primary key (event_type, version)
);
