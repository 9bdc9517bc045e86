package dev.events.jdbc;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.UUID;

import dev.events.store.EventRecord;
import dev.events.store.StoredEvent;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Events as rows.
 */
final class EventRows {

	/** The columns of an event, in the order of {@link #values}. */
	static final String COLUMNS = "id, event_type, version, source, event_key, organization, user_id, "
			+ "correlation_id, causation_id, occurred_at, data, metadata";

	private static final JsonMapper JSON = JsonMapper.shared();

	private EventRows() {
	}

	static @Nullable Object[] values(EventRecord event) {
		return new @Nullable Object[] { event.id(), event.type(), event.version(), event.source(), event.key(),
				event.organization(), event.user(), event.correlationId(), event.causationId(), event.timestamp(),
				event.data(), metadata(event) };
	}

	static @Nullable String metadata(EventRecord event) {
		return event.metadata().isEmpty() ? null : JSON.writeValueAsString(event.metadata());
	}

	static String json(Map<String, String> strings) {
		return JSON.writeValueAsString(strings);
	}

	static StoredEvent stored(ResultSet rows) throws SQLException {
		return new StoredEvent(rows.getLong("position"), event(rows));
	}

	static EventRecord event(ResultSet rows) throws SQLException {
		UUID id = rows.getObject("id", UUID.class);
		String correlationId = rows.getString("correlation_id");
		String metadata = rows.getString("metadata");
		return new EventRecord(id, rows.getString("event_type"), rows.getString("version"), rows.getString("source"),
				rows.getString("event_key"), rows.getString("organization"), rows.getString("user_id"),
				(correlationId != null) ? correlationId : id.toString(), rows.getString("causation_id"),
				Sql.instant(rows, "occurred_at"), rows.getString("data"),
				(metadata != null) ? strings(metadata) : Map.of());
	}

	/**
	 * The entries of an object. Rows that other programs have inserted must not stop
	 * readers: what is not a string comes out as JSON, what is not an object as nothing.
	 */
	private static Map<String, String> strings(String json) {
		Map<String, String> strings = new LinkedHashMap<>();
		for (Map.Entry<String, JsonNode> entry : JSON.readTree(json).properties()) {
			JsonNode value = entry.getValue();
			strings.put(entry.getKey(), value.isString() ? value.stringValue() : value.toString());
		}
		return Map.copyOf(strings);
	}

}
