-- Keys of data subjects, encrypted with a master key. A row is never deleted: one without
-- a key keeps that the subject was forgotten, by a digest of its id.
create table ${prefix}event_subject_keys (
	subject varchar(64) not null,
	generation integer not null,
	wrapped_key varchar(1000),
	created_at timestamptz not null default clock_timestamp(),
	erased_at timestamptz,
	constraint ${prefix}event_subject_keys_pk primary key (subject)
);
