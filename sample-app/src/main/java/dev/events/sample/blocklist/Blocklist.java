package dev.events.sample.blocklist;

import dev.events.Cancellation;
import dev.events.EventSubscriber;

import org.springframework.stereotype.Component;

/**
 * Refuses users with an address of a blocked domain. Synchronous: runs in the publisher's
 * transaction, before the event is stored, and ahead of subscribers of lower priority.
 */
@Component
class Blocklist {

	private final BlocklistProperties properties;

	Blocklist(BlocklistProperties properties) {
		this.properties = properties;
	}

	@EventSubscriber(id = "blocklist", value = { "user.registered", "user.updated" }, synchronous = true,
			priority = 100)
	void check(Applicant applicant, Cancellation cancellation) {
		if (this.properties.domains().contains(applicant.domain())) {
			cancellation.cancel("We do not take addresses of " + applicant.domain());
		}
	}

}
