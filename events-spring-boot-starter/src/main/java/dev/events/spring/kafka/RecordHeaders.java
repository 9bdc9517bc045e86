package dev.events.spring.kafka;

/**
 * Names of CloudEvents, as attributes and as headers of records, and of the metadata that
 * tells where an event came from.
 */
final class RecordHeaders {

	/** In front of the name of an attribute. */
	static final String PREFIX = "ce_";

	static final String CONTENT_TYPE = "content-type";

	static final String JSON = "application/json";

	static final String SPEC_VERSION = "specversion";

	static final String ID = "id";

	static final String SOURCE = "source";

	static final String TYPE = "type";

	static final String TIME = "time";

	static final String DATA_CONTENT_TYPE = "datacontenttype";

	// our own, the same as those of webhooks; partitionkey is an extension of CloudEvents

	static final String DATA_VERSION = "dataversion";

	static final String PARTITION_KEY = "partitionkey";

	static final String ORGANIZATION = "organization";

	static final String CORRELATION_ID = "correlationid";

	static final String CAUSATION_ID = "causationid";

	// metadata of events that came from Kafka

	static final String TOPIC_METADATA = "kafka.topic";

	static final String PARTITION_METADATA = "kafka.partition";

	static final String OFFSET_METADATA = "kafka.offset";

	static final String TOMBSTONE_METADATA = "kafka.tombstone";

	private RecordHeaders() {
	}

}
