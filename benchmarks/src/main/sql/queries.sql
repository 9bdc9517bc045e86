-- Plans of every filter that EventQuery has, on so many events (1,000,000), in both directions, each the first 101.
--
--   createdb queries
--   for f in events-jdbc-store/src/main/resources/dev/events/jdbc/migration/postgresql/V*.sql; do
--     sed 's/\${prefix}//g' $f | psql -q queries; done
--   psql -v rows=1000000 -f benchmarks/src/main/sql/queries.sql queries
--
-- Each runs six times as a prepared statement, as it does in an application: from then on the server may take a plan
-- that does not know the parameters. The seventh run is shown, with the rows cached, and how often a plan was made
-- for the parameters.
\set ON_ERROR_STOP on
\pset pager off
insert into event_store (id, event_type, source, event_key, organization, correlation_id, causation_id, occurred_at, data, metadata)
select id, case when n % 10000 = 0 then 'rare.thing' else 'group' || n % 7 || '.t' || n % 50 end,
	case when n % 10000 = 5 then 'rare' else 'module' || n % 8 end, 'order-' || n / 10, case when n % 2 = 0 then 'org-' || n % 400 end,
	-- chains of five
	first_value(id) over (partition by n / 5 order by n)::text, case when n % 5 > 0 then 'x' end,
	now() - interval '30 days' * (1 - n::float / :rows),
	('{"id":"order-' || n || '","customer":"Ada Lovelace","comment":"' || repeat('x', 240) || '"}')::json,
	case when n % 10000 = 7 then '{"tenant":"rare"}' else '{"tenant":"often"}' end::jsonb
from (select uuidv7() as id, n from generate_series(1, :rows) as n offset 0) as rows order by n;
vacuum analyze event_store;

create function plan(what text, conditions text, types text, arguments text, out query text, out direction text,
	out ms numeric, out pages int, out plan text, out custom int) returns setof record language plpgsql as $$
declare line text; page text; branches text[];
begin
	query := what;
	foreach direction in array array['', ' desc'] loop
		page := ' order by position' || direction || ' fetch first 101 rows only';
		branches := (select array_agg('(select * from event_store where ' || branch || page || ')')
			from unnest(regexp_split_to_array(conditions, ' union ')) as branch);
		execute 'prepare q (' || types || ') as select * from (' || array_to_string(branches, ' union all ') || ') as e' || page;
		for i in 1..6 loop
			execute 'execute q (' || arguments || ')';
		end loop;
		plan := '';
		pages := null;
		for line in execute 'explain (analyze, buffers, costs off) execute q (' || arguments || ')' loop
			if line ~ 'Scan|Sort  |Rows Removed by' then
				plan := plan || regexp_replace(regexp_replace(line, '\(actual time=\S+ rows=(\S+) loops=1\)', '(\1 rows)'), '^\s*(->)?\s*', E'\n');
			elsif line ~ 'Buffers' and pages is null then
				pages := (select sum(m[1]::int) from regexp_matches(line, '(?:hit|read)=(\d+)', 'g') as m);
			elsif line ~ 'Execution Time' then
				ms := substring(line from '[\d.]+');
			end if;
		end loop;
		plan := ltrim(plan, E'\n');
		custom := (select custom_plans from pg_prepared_statements where name = 'q');
		direction := case direction when '' then 'oldest first' else 'newest first' end;
		return next;
		execute 'deallocate q';
	end loop;
end $$;

-- twice, of which the second is shown, with the pages in memory
select count(*) from event_store where data is not null \g /dev/null
create view plans as
select * from plan('type', 'event_type = $1', 'varchar', '''group1.t1''')
union all select * from plan('type, rare', 'event_type = $1', 'varchar', '''rare.thing''')
union all select * from plan('type, none', 'event_type = $1', 'varchar', '''none.at.all''')
union all select * from plan('pattern', '(event_type like $1 and event_type ~ $2)', 'varchar, varchar', '''group1.%'', ''^group1\.[^.:]+$''')
union all select * from plan('pattern, rare', '(event_type like $1 and event_type ~ $2)', 'varchar, varchar', '''rare.%'', ''^rare\.[^.:]+$''')
union all select * from plan('a pattern and a type, rare', 'event_type like $1 and event_type ~ $2 union event_type = $3', 'varchar, varchar, varchar', '''rare.%'', ''^rare\.[^.:]+$'', ''none.at.all''')
union all select * from plan('three types, one rare', 'event_type = $1 union event_type = $2 union event_type = $3', 'varchar, varchar, varchar', '''rare.thing'', ''group1.t1'', ''group2.t2''')
union all select * from plan('the same, in one condition', '(event_type = $1 or event_type = $2)', 'varchar, varchar', '''rare.thing'', ''none.at.all''')
union all select * from plan('pattern without prefix, rare', '(event_type ~ $1)', 'varchar', '''^[^.:]+\.thing$''')
union all select * from plan('source', 'source = $1', 'varchar', '''module1''')
union all select * from plan('source, rare', 'source = $1', 'varchar', '''rare''')
union all select * from plan('key', 'event_key = $1', 'varchar', '''order-4711''')
union all select * from plan('key, none', 'event_key = $1', 'varchar', '''order-none''')
union all select * from plan('organization', 'organization = $1', 'varchar', '''org-10''')
union all select * from plan('correlation',
	'(correlation_id = $1 and correlation_id <> id::text or id = $2 and (correlation_id is null or correlation_id = $3))',
	'varchar, uuid, varchar', (select quote_literal(id) || ',' || quote_literal(id) || ',' || quote_literal(id) from event_store where position = 500000))
union all select * from plan('since, one block known', 'occurred_at >= $1 and occurred_at < $2 and position > $3 and position <= $4',
	'timestamptz, timestamptz, bigint, bigint', 'now() - interval ''14 days 23 hours 55 min'', now() - interval ''14 days 23 hours'', 500000, 510000')
union all select * from plan('metadata', 'metadata @> $1', 'jsonb', '''{"tenant":"often"}''')
union all select * from plan('metadata, rare', 'metadata @> $1', 'jsonb', '''{"tenant":"rare"}''')
union all select * from plan('type and organization', 'event_type = $1 and organization = $2', 'varchar, varchar', '''group1.t8'', ''org-8''')
union all select * from plan('type, rare, and source', 'event_type = $1 and source = $2', 'varchar, varchar', '''rare.thing'', ''module0''')
union all select * from plan('pattern and key', '(event_type like $1 and event_type ~ $2) and event_key = $3', 'varchar, varchar, varchar', '''group1.%'', ''^group1\.[^.:]+$'', ''order-4711''')
union all select * from plan('organization since', 'organization = $1 and occurred_at >= $2 and position > $3', 'varchar, timestamptz, bigint',
	'''org-10'', now() - interval ''15 days'', 500000')
union all select * from plan('page of a type', 'event_type = $1 and position > $2', 'varchar, bigint', '''rare.thing'', 500000');
select * from plans \g /dev/null
select * from plans;
