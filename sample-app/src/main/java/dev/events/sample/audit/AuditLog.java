package dev.events.sample.audit;

import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.List;

import dev.events.Event;

import org.springframework.dao.DuplicateKeyException;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;

/**
 * The table with the audit log.
 */
@Repository
class AuditLog {

	private final JdbcClient jdbc;

	AuditLog(JdbcClient jdbc) {
		this.jdbc = jdbc;
	}

	void append(Event<?> event) {
		try {
			this.jdbc.sql("""
					insert into audit_log (event_id, type, source, event_key, correlation_id, request, happened_at)
					values (:id, :type, :source, :key, :correlationId, :request, :happenedAt)
					""")
				.param("id", event.id())
				.param("type", event.type())
				.param("source", event.source())
				.param("key", event.key())
				.param("correlationId", event.correlationId())
				.param("request", event.metadata().get("request"))
				.param("happenedAt", event.timestamp().atOffset(ZoneOffset.UTC))
				.update();
		}
		catch (DuplicateKeyException ex) {
			// at-least-once: the event has come before, and its line is there
		}
	}

	/** The newest entries before a number, newest first. */
	List<AuditEntry> newest(int limit, long before) {
		return this.jdbc.sql("select * from audit_log where number < ? order by number desc fetch first ? rows only")
			.params(before, limit)
			.query((row, number) -> new AuditEntry(row.getLong("number"), row.getString("type"),
					row.getString("source"), row.getString("event_key"), row.getString("correlation_id"),
					row.getString("request"), row.getObject("happened_at", OffsetDateTime.class).toInstant()))
			.list();
	}

}
