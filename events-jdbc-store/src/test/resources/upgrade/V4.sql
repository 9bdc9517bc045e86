-- only the fourth is still to come
insert into event_replays (replay_id, subscription_id, state, event_types, after_position, up_to_position, total, rate) values
	('00000000-0000-4000-8000-0000000000a1', 'mails', 'RUNNING', 'order.placed', 0, 4, 4, 0);

insert into event_replay_progress (replay_id, partition_no, position, handled, failed) values
	('00000000-0000-4000-8000-0000000000a1', 0, 3, 3, 0);
