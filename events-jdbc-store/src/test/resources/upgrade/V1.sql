-- What the first version left behind: events 1 to 4 were read, 5 and 6 were not.
insert into event_store (id, event_type, source, event_key, correlation_id, occurred_at, data) values
	('00000000-0000-4000-8000-000000000001', 'order.placed', 'shop', 'd', '00000000-0000-4000-8000-000000000001', timestamp with time zone '2026-01-01 10:00:01+00', '1'),
	('00000000-0000-4000-8000-000000000002', 'order.placed', 'shop', 'a', '00000000-0000-4000-8000-000000000002', timestamp with time zone '2026-01-01 10:00:02+00', '2'),
	('00000000-0000-4000-8000-000000000003', 'order.placed', 'shop', 'a', '00000000-0000-4000-8000-000000000003', timestamp with time zone '2026-01-01 10:00:03+00', '3'),
	('00000000-0000-4000-8000-000000000004', 'order.placed', 'shop', 'b', '00000000-0000-4000-8000-000000000004', timestamp with time zone '2026-01-01 10:00:04+00', '4'),
	('00000000-0000-4000-8000-000000000005', 'order.placed', 'shop', null, '00000000-0000-4000-8000-000000000005', timestamp with time zone '2026-01-01 10:00:05+00', '5'),
	('00000000-0000-4000-8000-000000000006', 'order.placed', 'shop', 'a', '00000000-0000-4000-8000-000000000002', timestamp with time zone '2026-01-01 10:00:06+00', '6');

insert into event_subscriptions (id, event_name, subscriber_type, created_from, partitions) values
	('mails', 'order.*', 'handler', 'code', 1);

-- a node that is no more had it
insert into event_cursors (subscription_id, partition_no, position, epoch, owner, lease_until) values
	('mails', 0, 4, 4294967297, 'gone', timestamp with time zone '2026-01-01 10:00:10+00');

-- the first was given up; the second waits for its next attempt, and the third for the second
insert into event_deliveries (subscription_id, position, delivery_id, partition_no, hash, status, attempts, due_at,
	first_failed_at, last_failed_at, error_type, error_message, error_stack, id, event_type, version, source, event_key,
	correlation_id, occurred_at, data) values
	('mails', 1, '00000000-0000-4000-8000-0000000000d1', 0, -36807446, 'DEAD', 5, null,
		timestamp with time zone '2026-01-01 10:00:01+00', timestamp with time zone '2026-01-01 10:00:05+00',
		'java.io.IOException', 'no route', 'java.io.IOException: no route',
		'00000000-0000-4000-8000-000000000001', 'order.placed', '1.0.0', 'shop', 'd',
		'00000000-0000-4000-8000-000000000001', timestamp with time zone '2026-01-01 10:00:01+00', '1'),
	('mails', 2, '00000000-0000-4000-8000-0000000000d2', 0, -533258471, 'PARKED', 1,
		timestamp with time zone '2026-01-01 10:01:00+00',
		timestamp with time zone '2026-01-01 10:00:02+00', timestamp with time zone '2026-01-01 10:00:02+00',
		'java.io.IOException', 'no route', 'java.io.IOException: no route',
		'00000000-0000-4000-8000-000000000002', 'order.placed', '1.0.0', 'shop', 'a',
		'00000000-0000-4000-8000-000000000002', timestamp with time zone '2026-01-01 10:00:02+00', '2'),
	('mails', 3, '00000000-0000-4000-8000-0000000000d3', 0, -533258471, 'QUEUED', 0, null, null, null, null, null, null,
		'00000000-0000-4000-8000-000000000003', 'order.placed', '1.0.0', 'shop', 'a',
		'00000000-0000-4000-8000-000000000003', timestamp with time zone '2026-01-01 10:00:03+00', '3');

insert into event_nodes (node_id, started_at, seen_at, alive_until, subscriptions) values
	('gone', timestamp with time zone '2026-01-01 10:00:00+00', timestamp with time zone '2026-01-01 10:00:09+00',
		timestamp with time zone '2026-01-01 10:00:10+00', 'mails');
