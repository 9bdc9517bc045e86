-- Keys of data subjects, encrypted with a master key. A row is never deleted: one without
-- a key keeps that the subject was forgotten, by a digest of its id.
create table ${prefix}event_subject_keys (
	subject varchar(64) not null,
	generation integer not null,
	wrapped_key varchar(1000),
	created_at timestamp(6) with time zone not null default current_timestamp(6),
	erased_at timestamp(6) with time zone,
	constraint ${prefix}event_subject_keys_pk primary key (subject)
);
