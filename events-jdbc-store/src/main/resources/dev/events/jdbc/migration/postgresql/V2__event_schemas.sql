-- Schemas of event types. Rows are added and never changed.
create table ${prefix}event_schemas (
	event_type varchar(200) not null,
	version varchar(20) not null,
	document text not null,
	created_at timestamptz not null default clock_timestamp(),
	constraint ${prefix}event_schemas_pk primary key (event_type, version)
);
