-- Deleting old events in batches against dropping partitions. A fifth of the rows goes.
--
--   createdb retention
--   for f in events-jdbc-store/src/main/resources/dev/events/jdbc/migration/postgresql/V*.sql; do
--     sed 's/\${prefix}//g' $f | psql -q retention; done
--   psql -v rows=5000000 -f benchmarks/src/main/sql/retention-fill.sql retention
--   psql -v rows=5000000 -f benchmarks/src/main/sql/retention.sql retention
--
-- Needs PostgreSQL 18, for uuidv7(): the ids of events are ordered by time, and random ones would make one large
-- index look dearer than it is. What partitions would need: a unique id must contain the partition key, so ids are
-- kept unique in a table of their own, and the key must be known when an event is inserted.
\set ON_ERROR_STOP on
\timing on
-- keys at random, as things that events happen to are; the first round is for the caches
\echo == publish 20000 events, each on its own: one table, partitions, one table, …
create procedure publish_plain(count int, keys int) language plpgsql as $$
begin
	for i in 1..count loop
		insert into event_store (id, event_type, event_key, correlation_id, data)
		values (uuidv7(), 'benchmark.t' || i % 50, 'order-' || (random() * keys)::int, 'c-' || i, '{"comment":"xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"}')
		on conflict (id) do nothing;
		commit;
	end loop;
end $$;
create procedure publish_parted(count int, keys int) language plpgsql as $$
declare p bigint; known uuid;
begin
	for i in 1..count loop
		insert into parted_ids values (uuidv7(), nextval('parted_position_seq')) on conflict do nothing returning position, id into p, known;
		insert into parted (position, id, event_type, event_key, correlation_id, data)
		values (p, known, 'benchmark.t' || i % 50, 'order-' || (random() * keys)::int, 'c-' || i, '{"comment":"xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"}');
		commit;
	end loop;
end $$;
set synchronous_commit = off;
call publish_plain(20000, :rows);
call publish_parted(20000, :rows);
call publish_plain(20000, :rows);
call publish_parted(20000, :rows);
call publish_plain(20000, :rows);
call publish_parted(20000, :rows);
call publish_plain(20000, :rows);
call publish_parted(20000, :rows);
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
\echo == publish 20000 events, alone, and while another fifth goes without a pause
\setenv PGHOST :HOST
\setenv PGPORT :PORT
\setenv PGUSER :USER
\setenv PGDATABASE :DBNAME
set synchronous_commit = off;
call publish_plain(20000, :rows);
call publish_plain(20000, :rows);
truncate steps;
\setenv ROWS :rows
\! psql -qc "call retain($ROWS / 5 * 2)" &
call publish_plain(20000, :rows);
call publish_plain(20000, :rows);
reset synchronous_commit;
select pg_sleep(5);
select count(*) as batches, round(avg(ms)::numeric, 2) as avg_ms, round(max(ms)::numeric, 1) as max_ms from steps;
\echo == what happened to one thing: one table, all partitions
explain (analyze, buffers, costs off) select * from event_store where event_key = 'order-4500000' order by position fetch first 101 rows only;
explain (analyze, buffers, costs off) select * from parted where event_key = 'order-4500000' order by position fetch first 101 rows only;
\echo == one event by its id: one table, all partitions
explain (analyze, buffers, costs off) select * from event_store where id = (select id from event_store where position = :rows - 1);
explain (analyze, buffers, costs off) select * from parted where id = (select id from parted where position = :rows - 1);
\echo == reading behind what was deleted
explain (analyze, buffers, costs off) select * from event_store where position > 0 order by position fetch first 501 rows only;
