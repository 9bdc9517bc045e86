-- The log. Position is drawn before commit, so readers must not go past a hole that a running
-- transaction may still fill; see the trigger below, which knows the sequence by its name.
create table ${prefix}event_store (
	position bigint generated always as identity (sequence name ${prefix}event_store_position_seq cache 1),
	id uuid not null default gen_random_uuid(),
	event_type varchar(200) not null,
	version varchar(20) not null default '1.0.0',
	source varchar(200) not null default 'sql',
	event_key varchar(200),
	organization varchar(200),
	user_id varchar(200),
	correlation_id varchar(200),
	causation_id varchar(200),
	occurred_at timestamptz not null default clock_timestamp(),
	data json not null,
	metadata jsonb,
	constraint ${prefix}event_store_pk primary key (position),
	-- one that is not valid, from whatever client, would stop every reader
	constraint ${prefix}event_store_type_is_valid check (event_type ~ '^[A-Za-z0-9_-]+(?:[.:][A-Za-z0-9_-]+)*$')
);

-- Indexes, each for a query of the API; see docs/decisions/0006-indexes-of-the-log.md. Texts are compared byte by
-- byte (varchar_pattern_ops), which is cheaper than by the rules of a language and finds the same.
-- stores an id once
create unique index ${prefix}event_store_id on ${prefix}event_store (id);
-- history of a type; queries by type pattern, through their literal prefix
create index ${prefix}event_store_type on ${prefix}event_store (event_type varchar_pattern_ops, position);
-- everything that happened to one thing
create index ${prefix}event_store_key on ${prefix}event_store (event_key varchar_pattern_ops, position)
	where event_key is not null;
-- everything of one organization
create index ${prefix}event_store_organization on ${prefix}event_store (organization varchar_pattern_ops, position)
	where organization is not null;
-- one chain of events; its first one has its own id here and is found by that, so most events need no entry
create index ${prefix}event_store_correlation on ${prefix}event_store (correlation_id varchar_pattern_ops)
	where correlation_id <> id::text;

-- Every appending transaction holds a shared advisory lock that says: "whatever I draw from the
-- sequence is greater than this". The lock is taken before the first value is drawn (a BEFORE
-- STATEMENT trigger runs before the rows are made), once for each transaction, and it ends after
-- the transaction's rows have become visible. So a reader that sees no such lock below a hole,
-- and in a later snapshot still no row, knows that the hole stays empty.
-- Key: 16 bits that tell tables apart, 48 bits of the sequence's last value.
-- Runs with the rights of its owner, so that who may only insert need not see the sequence. It reads
-- no relation but the sequence beside the table that it is a trigger of, and calls nothing outside
-- pg_catalog, so whoever puts the trigger on a table of his own gains nothing by it.
-- Every transaction that publishes pays for it. That is why it consists of plain expressions, which are
-- evaluated without running a query, and why the sequence's name is put together and not looked up.
create function ${prefix}event_store_appending() returns trigger language plpgsql
	security definer set search_path = pg_catalog, pg_temp as $$
begin
	-- local to the transaction, and undone together with the lock by a rollback to a savepoint
	if current_setting('events.appending_' || tg_relid, true) = 'yes' then
		return null;
	end if;
	-- neither is ever null; a sequence that was never used counts as 0, which holds back more and loses nothing
	if pg_advisory_xact_lock_shared((1 + tg_relid::bigint % 32749) << 48
			| coalesce(pg_sequence_last_value((quote_ident(tg_table_schema) || '.'
				|| quote_ident(tg_table_name || '_position_seq'))::regclass), 0)) is null
			or set_config('events.appending_' || tg_relid, 'yes', true) is null then
		raise exception 'could not announce that events are appended';
	end if;
	return null;
end
$$;

create trigger ${prefix}event_store_appending before insert on ${prefix}event_store
	for each statement execute function ${prefix}event_store_appending();

-- Durable subscriptions.
create table ${prefix}event_subscriptions (
	id varchar(200) not null,
	event_name text not null,
	subscriber_type varchar(50) not null,
	config json not null default '{}',
	active boolean not null default true,
	organization_uuid varchar(200),
	created_from varchar(200) not null,
	partitions integer not null,
	former_positions text,
	created_at timestamptz not null default clock_timestamp(),
	constraint ${prefix}event_subscriptions_pk primary key (id)
);

-- Makes the epochs of a subscription differ from those of an earlier one with the same id.
create sequence ${prefix}event_epochs;

-- How far each partition has come and who has it. Updated several times a second: no index but
-- the key, and room in the page, so that updates stay in place (HOT).
create table ${prefix}event_cursors (
	subscription_id varchar(200) not null,
	partition_no integer not null,
	position bigint not null,
	epoch bigint not null,
	owner varchar(200),
	lease_until timestamptz,
	constraint ${prefix}event_cursors_pk primary key (subscription_id, partition_no)
) with (fillfactor = 50, autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 500);

-- Deliveries that did not succeed at once, with their event, so that they do not depend on how
-- long the log is kept.
create table ${prefix}event_deliveries (
	subscription_id varchar(200) not null,
	position bigint not null,
	delivery_id uuid not null,
	partition_no integer not null,
	hash integer not null,
	status varchar(10) not null,
	attempts integer not null,
	due_at timestamptz,
	holding boolean not null default false,
	discarded boolean not null default false,
	first_failed_at timestamptz,
	last_failed_at timestamptz,
	error_type varchar(1000),
	error_message text,
	error_stack text,
	id uuid not null,
	event_type varchar(200) not null,
	version varchar(20) not null,
	source varchar(200) not null,
	event_key varchar(200),
	organization varchar(200),
	user_id varchar(200),
	correlation_id varchar(200),
	causation_id varchar(200),
	occurred_at timestamptz not null,
	data json not null,
	metadata jsonb,
	constraint ${prefix}event_deliveries_pk primary key (subscription_id, position)
) with (autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 500);

-- operators' reads and actions by id
create unique index ${prefix}event_deliveries_id on ${prefix}event_deliveries (delivery_id);
-- pages of the dead letter queue
create index ${prefix}event_deliveries_dead on ${prefix}event_deliveries (delivery_id) where status = 'DEAD';
-- what is due, polled by every node for its partitions: cheap also when a hundred thousand wait for a service that
-- is down, and therefore with due_at, although retries change it
create index ${prefix}event_deliveries_due on ${prefix}event_deliveries (subscription_id, partition_no, due_at, position)
	where status in ('PARKED', 'RELEASED');
-- what waits behind a key, and which keys are blocked
create index ${prefix}event_deliveries_key on ${prefix}event_deliveries
	(subscription_id, partition_no, event_key, position);

-- The running nodes.
create table ${prefix}event_nodes (
	node_id varchar(200) not null,
	started_at timestamptz not null,
	seen_at timestamptz not null,
	alive_until timestamptz not null,
	subscriptions text not null,
	constraint ${prefix}event_nodes_pk primary key (node_id)
);
