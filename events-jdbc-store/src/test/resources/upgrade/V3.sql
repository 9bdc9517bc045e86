-- due long ago
insert into event_schedule (due_at, id, event_type, version, source, event_key, correlation_id, occurred_at, data) values
	(timestamp with time zone '2026-01-01 11:00:00+00', '00000000-0000-4000-8000-000000000007', 'order.placed', '1.0.0',
		'shop', 'b', '00000000-0000-4000-8000-000000000007', timestamp with time zone '2026-01-01 10:00:07+00', '7');

insert into event_leaders (task, node_id, leads_until) values
	('schedule', 'gone', timestamp with time zone '2026-01-01 10:00:10+00');
