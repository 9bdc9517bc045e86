package dev.events.access;

import java.util.List;
import java.util.function.Consumer;

import dev.events.Event;
import dev.events.EventAccessDeniedException;
import dev.events.EventAccessPolicy;
import dev.events.stats.EventCounters;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Asks who may publish and receive, and counts, logs and audits what is refused.
 * Thread-safe.
 */
public final class AccessControl {

	private static final Logger logger = LoggerFactory.getLogger(AccessControl.class);

	private final List<EventAccessPolicy> policies;

	private final EventCounters counters;

	private final RefusalAudit audit;

	/**
	 * Creates it.
	 * @param publisher publishes an audit event; called in a thread of our own, never in
	 * a transaction
	 */
	public AccessControl(List<EventAccessPolicy> policies, EventCounters counters, Consumer<Event<?>> publisher) {
		this.policies = List.copyOf(policies);
		this.counters = counters;
		this.audit = new RefusalAudit(publisher, System::nanoTime);
	}

	/**
	 * Checks an event on its way in.
	 * @throws EventAccessDeniedException when it must not be published
	 */
	public void checkPublish(Event<?> event) {
		// not what synchronous subscribers of the audit event publish in its thread
		boolean isAudit = this.audit.isPublishing() && event.type().equals(EventAccessPolicy.REFUSED);
		if (this.policies.isEmpty() || isAudit) {
			return;
		}
		try {
			for (EventAccessPolicy policy : this.policies) {
				policy.checkPublish(event);
			}
		}
		catch (EventAccessDeniedException ex) {
			refused("publish", event, null, String.valueOf(ex.getMessage()));
			throw ex;
		}
	}

	/**
	 * Notes that a subscriber does not trust the source of an event and so does not get
	 * it.
	 * @see dev.events.Subscriber#trusts
	 */
	public void untrusted(String subscription, Event<?> event) {
		refused("receive", event, subscription, "The subscriber takes events of its sources only");
	}

	/** Whether a subscriber may have an event that it would handle. */
	public boolean mayReceive(String subscription, Event<?> event) {
		if (this.policies.isEmpty()) {
			return true;
		}
		try {
			for (EventAccessPolicy policy : this.policies) {
				policy.checkReceive(event, subscription);
			}
			return true;
		}
		catch (EventAccessDeniedException ex) {
			refused("receive", event, subscription, String.valueOf(ex.getMessage()));
			return false;
		}
	}

	private void refused(String action, Event<?> event, @Nullable String subscription, String reason) {
		if (subscription != null) {
			this.counters.refused(subscription);
		}
		else {
			this.counters.refused();
		}
		if (this.audit.refused(action, event, subscription, reason)) {
			logger.warn("Refused to {} {}{}: {}", action, event,
					(subscription != null) ? " for subscription '" + subscription + "'" : "", reason);
		}
	}

	/** Ends auditing; what is still to be published is given some time. */
	public void close() {
		this.audit.close();
	}

}
