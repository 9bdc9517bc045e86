insert into event_subscriptions (id, event_name, subscriber_type, config, active, created_from, partitions, note) values
	('hook', 'order.*', 'notebook', '{"page": 1}', false, 'sql', 1, 'until Monday');
