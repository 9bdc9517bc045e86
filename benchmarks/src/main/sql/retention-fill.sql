-- A log of so many rows, in one table and in five partitions: for retention.sql, which says how to run both.
\set ON_ERROR_STOP on
\timing on
\echo == fill both
insert into event_store (id, event_type, source, event_key, correlation_id, occurred_at, data)
select id, 'benchmark.t' || n % 50, 'benchmark', 'order-' || n, id::text, now() - interval '30 days' * (1 - n::float / :rows),
	('{"id":"order-' || n || '","customer":"Ada Lovelace","comment":"' || repeat('x', 240) || '"}')::json
from (select uuidv7() as id, n from generate_series(1, :rows) as n offset 0) as rows;

create table parted (like event_store including defaults including constraints) partition by range (position);
alter table parted add primary key (position);
create sequence parted_position_seq;
alter table parted alter position set default nextval('parted_position_seq');
create index on parted (event_type varchar_pattern_ops, position);
create index on parted (event_key varchar_pattern_ops, position) where event_key is not null;
create index on parted (organization varchar_pattern_ops, position) where organization is not null;
create index on parted (correlation_id varchar_pattern_ops) where correlation_id <> id::text;
create index on parted (id);
create table parted_ids (id uuid primary key, position bigint);
-- the proof of holes costs both the same
create trigger parted_appending before insert on parted for each statement execute function event_store_appending();
select format('create table parted_%s partition of parted for values from (%s) to (%s)', i, i * (:rows / 5), (i + 1) * (:rows / 5))
from generate_series(0, 5) i \gexec
insert into parted (id, event_type, version, source, event_key, organization, user_id, correlation_id, causation_id, occurred_at, data, metadata)
select id, event_type, version, source, event_key, organization, user_id, correlation_id, causation_id, occurred_at, data, metadata
from event_store order by position;
insert into parted_ids select id, position from parted;
vacuum analyze event_store;
vacuum analyze parted;
vacuum analyze parted_ids;
checkpoint;

