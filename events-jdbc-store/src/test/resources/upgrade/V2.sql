insert into event_schemas (event_type, version, document) values
	('order.placed', '1.0.0', '{"$schema":"https://json-schema.org/draft/2020-12/schema","type":"integer"}');
