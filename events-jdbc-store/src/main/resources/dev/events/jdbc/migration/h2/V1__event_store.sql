-- The log. Position is drawn before commit, so readers must not go past a hole that a running
-- transaction may still fill.
create table ${prefix}event_store (
	position bigint generated always as identity (no cache),
	id uuid not null default random_uuid(),
	event_type varchar(200) not null,
	version varchar(20) not null default '1.0.0',
	source varchar(200) not null default 'sql',
	event_key varchar(200),
	organization varchar(200),
	user_id varchar(200),
	correlation_id varchar(200),
	causation_id varchar(200),
	occurred_at timestamp(6) with time zone not null default current_timestamp,
	data character large object not null,
	metadata character large object,
	constraint ${prefix}event_store_pk primary key (position),
	-- one that is not valid, from whatever client, would stop every reader
	constraint ${prefix}event_store_type_is_valid
		check (regexp_like(event_type, '^[A-Za-z0-9_-]+([.:][A-Za-z0-9_-]+)*$'))
);

-- stores an id once
create unique index ${prefix}event_store_id on ${prefix}event_store (id);
-- history of a type; queries by type pattern, through their literal prefix
create index ${prefix}event_store_type on ${prefix}event_store (event_type, position);
-- everything that happened to one thing
create index ${prefix}event_store_key on ${prefix}event_store (event_key, position);
-- everything of one organization
create index ${prefix}event_store_organization on ${prefix}event_store (organization, position);
-- one chain of events
create index ${prefix}event_store_correlation on ${prefix}event_store (correlation_id);
-- time ranges
create index ${prefix}event_store_occurred on ${prefix}event_store (occurred_at);

-- Durable subscriptions.
create table ${prefix}event_subscriptions (
	id varchar(200) not null,
	event_name character large object not null,
	subscriber_type varchar(50) not null,
	config character large object not null default '{}',
	active boolean not null default true,
	organization_uuid varchar(200),
	created_from varchar(200) not null,
	partitions integer not null,
	former_positions character large object,
	created_at timestamp(6) with time zone not null default current_timestamp,
	constraint ${prefix}event_subscriptions_pk primary key (id)
);

-- Makes the epochs of a subscription differ from those of an earlier one with the same id.
create sequence ${prefix}event_epochs;

-- How far each partition has come and who has it.
create table ${prefix}event_cursors (
	subscription_id varchar(200) not null,
	partition_no integer not null,
	position bigint not null,
	epoch bigint not null,
	owner varchar(200),
	lease_until timestamp(6) with time zone,
	constraint ${prefix}event_cursors_pk primary key (subscription_id, partition_no)
);

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
	due_at timestamp(6) with time zone,
	holding boolean not null default false,
	discarded boolean not null default false,
	first_failed_at timestamp(6) with time zone,
	last_failed_at timestamp(6) with time zone,
	error_type varchar(1000),
	error_message character large object,
	error_stack character large object,
	id uuid not null,
	event_type varchar(200) not null,
	version varchar(20) not null,
	source varchar(200) not null,
	event_key varchar(200),
	organization varchar(200),
	user_id varchar(200),
	correlation_id varchar(200),
	causation_id varchar(200),
	occurred_at timestamp(6) with time zone not null,
	data character large object not null,
	metadata character large object,
	constraint ${prefix}event_deliveries_pk primary key (subscription_id, position)
);

-- operators' reads and actions by id
create unique index ${prefix}event_deliveries_id on ${prefix}event_deliveries (delivery_id);
-- pages of the dead letter queue
create index ${prefix}event_deliveries_dead on ${prefix}event_deliveries (status, delivery_id);
-- what is due
create index ${prefix}event_deliveries_due on ${prefix}event_deliveries (due_at);
-- what waits behind a key, and which keys are blocked
create index ${prefix}event_deliveries_key on ${prefix}event_deliveries
	(subscription_id, partition_no, event_key, position);

-- The running nodes.
create table ${prefix}event_nodes (
	node_id varchar(200) not null,
	started_at timestamp(6) with time zone not null,
	seen_at timestamp(6) with time zone not null,
	alive_until timestamp(6) with time zone not null,
	subscriptions character large object not null,
	constraint ${prefix}event_nodes_pk primary key (node_id)
);
