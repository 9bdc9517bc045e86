-- Whether a delivery is of a replay.
alter table ${prefix}event_deliveries add column replay boolean not null default false;

-- Replays: events of a part of the log that are delivered again to one subscription.
create table ${prefix}event_replays (
	replay_id uuid not null,
	subscription_id varchar(200) not null,
	state varchar(10) not null,
	event_types character large object not null,
	source varchar(200),
	event_key varchar(200),
	organization varchar(200),
	occurred_since timestamp(6) with time zone,
	occurred_until timestamp(6) with time zone,
	after_position bigint not null,
	up_to_position bigint not null,
	total bigint not null,
	rate double precision not null,
	former_positions character large object,
	created_at timestamp(6) with time zone not null default current_timestamp(6),
	finished_at timestamp(6) with time zone,
	constraint ${prefix}event_replays_pk primary key (replay_id)
);

-- those of a subscription
create index ${prefix}event_replays_subscription on ${prefix}event_replays (subscription_id);

-- How far a replay has come in each partition; updated together with the cursor.
create table ${prefix}event_replay_progress (
	replay_id uuid not null,
	partition_no integer not null,
	position bigint not null,
	handled bigint not null,
	failed bigint not null,
	constraint ${prefix}event_replay_progress_pk primary key (replay_id, partition_no)
);
