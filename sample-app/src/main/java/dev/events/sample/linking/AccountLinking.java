package dev.events.sample.linking;

import java.util.UUID;

import dev.events.EventBus;
import dev.events.EventPublisher;
import dev.events.EventSubscriber;

import org.springframework.stereotype.Component;
import org.springframework.transaction.annotation.Transactional;

/**
 * Links users who read the same mailbox, and tells everybody: under its own name, by
 * which it knows its own events when {@code user.*} brings them back.
 */
@Component
class AccountLinking {

	static final String SOURCE = "account-linking";

	private final AccountLinks links;

	private final EventPublisher events;

	AccountLinking(AccountLinks links, EventBus events) {
		this.links = links;
		this.events = events.from(SOURCE);
	}

	// one partition: two users who register at the same time have different keys, and
	// handled in parallel neither would see the other
	@EventSubscriber(id = SOURCE, value = "user.*", ignoreSources = SOURCE, partitions = 1)
	@Transactional
	void link(Account account) {
		this.links.remember(account);
		for (UUID other : this.links.missing(account)) {
			// link and event are written in one transaction: if the event comes again,
			// the
			// link is there or neither is
			this.links.link(account.userId(), other);
			this.events.publish(new UserLinked(account.userId(), other, account.email()));
		}
	}

}
