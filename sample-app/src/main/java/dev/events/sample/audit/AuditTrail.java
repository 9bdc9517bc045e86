package dev.events.sample.audit;

import dev.events.Event;
import dev.events.EventSubscriber;
import dev.events.StartPosition;

import org.springframework.stereotype.Component;

/**
 * Writes every event into the audit log, also those from before this plugin was there.
 * One partition ({@code application.yml}), so the log is in the order of the events.
 */
@Component
class AuditTrail {

	private final AuditLog log;

	AuditTrail(AuditLog log) {
		this.log = log;
	}

	@EventSubscriber(id = "audit", value = "**", startAt = StartPosition.BEGINNING)
	void record(Event<?> event) {
		this.log.append(event);
	}

}
