package dev.events.sample.audit;

import java.time.Instant;

import org.jspecify.annotations.Nullable;

/**
 * One line of the audit log: what happened, not the data, which the event log has.
 *
 * @param number position in the audit log
 * @param type event type
 * @param source who published it
 * @param key ordering key, here the id of the user or order
 * @param correlationId shared by all that happened because of one request
 * @param request the HTTP request that caused it directly
 * @param happenedAt when
 */
record AuditEntry(long number, String type, String source, @Nullable String key, @Nullable String correlationId,
		@Nullable String request, Instant happenedAt) {

}
