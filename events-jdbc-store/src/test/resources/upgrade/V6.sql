insert into event_subject_keys (subject, generation, wrapped_key, erased_at) values
	('00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff', 1, null,
		timestamp with time zone '2026-01-01 10:00:00+00');
