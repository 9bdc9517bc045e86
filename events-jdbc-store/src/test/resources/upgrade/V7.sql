insert into event_processes (process, process_key, version, status, state) values
	('saga.order', 'o-1', 4711, 'RUNNING', '{"id":"00000000-0000-4000-8000-0000000000b1","correlationId":"chain-1","state":{"amount":1.50},"metadata":{},"steps":["order.placed"],"handled":["00000000-0000-4000-8000-0000000000b1"],"reason":null,"failure":null}');
