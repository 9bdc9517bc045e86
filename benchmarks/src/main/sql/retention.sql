-- Deleting old events in batches against dropping time partitions, on so many rows.
--
--   createdb retention
--   for f in events-jdbc-store/src/main/resources/dev/events/jdbc/migration/postgresql/V*.sql; do
--     sed 's/\${prefix}//g' $f | psql -q retention; done
--   psql -v rows=5000000 -f benchmarks/src/main/sql/retention.sql retention
--
-- A fifth of the rows goes. What partitions would need: a unique id must contain the partition key, so ids are
-- kept unique in a table of their own, and the key must be known when an event is inserted.
\set ON_ERROR_STOP on
\timing on
\echo == fill both
insert into event_store (id, event_type, source, event_key, correlation_id, occurred_at, data)
select id, 'benchmark.t' || n % 50, 'benchmark', 'order-' || n, id::text, now() - interval '30 days' * (1 - n::float / :rows),
	('{"id":"order-' || n || '","customer":"Ada Lovelace","comment":"' || repeat('x', 240) || '"}')::json
from (select gen_random_uuid() as id, n from generate_series(1, :rows) as n offset 0) as rows;

create table parted (like event_store including defaults including constraints) partition by range (position);
alter table parted add primary key (position);
create sequence parted_seq;
alter table parted alter position set default nextval('parted_seq');
create index on parted (event_type varchar_pattern_ops, position);
create index on parted (event_key varchar_pattern_ops, position) where event_key is not null;
create index on parted (organization varchar_pattern_ops, position) where organization is not null;
create index on parted (correlation_id varchar_pattern_ops) where correlation_id <> id::text;
create index on parted (id);
create table parted_ids (id uuid primary key, position bigint);
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

\echo == publish 20000 events, each on its own
create procedure publish_plain(count int) language plpgsql as $$
begin
	for i in 1..count loop
		insert into event_store (event_type, event_key, correlation_id, data)
		values ('benchmark.t1', 'order-' || i, 'c', '{"comment":"xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"}')
		on conflict (id) do nothing;
		commit;
	end loop;
end $$;
create procedure publish_parted(count int) language plpgsql as $$
declare p bigint; known uuid;
begin
	for i in 1..count loop
		insert into parted_ids values (gen_random_uuid(), nextval('parted_seq')) on conflict do nothing returning position, id into p, known;
		insert into parted (position, id, event_type, event_key, correlation_id, data)
		values (p, known, 'benchmark.t1', 'order-' || i, 'c', '{"comment":"xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"}');
		commit;
	end loop;
end $$;
set synchronous_commit = off;
call publish_plain(20000);
call publish_parted(20000);
call publish_plain(20000);
call publish_parted(20000);
reset synchronous_commit;

\echo == a fifth goes: batches of 1000, as retention does
create table steps (ms float);
create procedure retain(upto bigint) language plpgsql as $$
declare mark bigint := 0; page bigint[]; begun timestamptz;
begin
	loop
		begun := clock_timestamp();
		select array_agg(position) into page from (select position, event_type, occurred_at from event_store
			where position > mark and position <= upto order by position fetch first 1000 rows only) p;
		exit when page is null;
		delete from event_store where position = any(page);
		mark := page[array_upper(page, 1)];
		commit;
		insert into steps values (extract(epoch from clock_timestamp() - begun) * 1000);
		commit;
	end loop;
end $$;
select pg_current_wal_lsn() as before_delete \gset
call retain(:rows / 5);
select count(*) as batches, round(avg(ms)::numeric, 2) as avg_ms, round(max(ms)::numeric, 1) as max_ms,
	round(percentile_cont(0.99) within group (order by ms)::numeric, 1) as p99_ms,
	pg_size_pretty(pg_current_wal_lsn() - :'before_delete'::pg_lsn) as wal from steps;
\echo == and the vacuum that follows, which autovacuum does
vacuum event_store;
\echo == a fifth goes: one partition, and its ids
drop table parted_0;
delete from parted_ids where position < :rows / 5;
vacuum parted_ids;
\echo == reading behind what was deleted
explain (analyze, buffers, costs off) select * from event_store where position > 0 order by position fetch first 501 rows only;
