-- What was committed: written by publishers in the transaction that publishes.
create table published (
	event_key text,
	seq bigint,
	event_id uuid not null,
	primary key (event_key, seq)
);

-- Last number of each key that all nodes write; the row's lock is the order of commit.
create table key_state (
	event_key text primary key,
	seq bigint not null
);

-- What handlers did in the database. No key: whatever comes twice is there twice.
create table effects (
	number bigserial,
	subscriber text,
	event_id uuid,
	event_key text,
	seq bigint
);

-- Written by transactions that have nothing to do with events, and by the probe.
create table unrelated (n bigint);
create table probe (n bigint);
insert into probe values (0);
