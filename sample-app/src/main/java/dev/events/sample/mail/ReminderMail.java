package dev.events.sample.mail;

import dev.events.Event;
import dev.events.EventSubscriber;
import dev.events.sample.order.OrderUnpaid;
import dev.events.sample.user.Users;

import org.springframework.stereotype.Component;

/**
 * Reminds users of orders that they have not paid. The event comes when it is due, and
 * not at all when the order was paid before.
 */
@Component
class ReminderMail {

	private final MailServer server;

	private final Users users;

	ReminderMail(MailServer server, Users users) {
		this.server = server;
		this.users = users;
	}

	@EventSubscriber(id = "reminder-mail")
	void remind(Event<OrderUnpaid> event) throws InterruptedException {
		String recipient = this.users.find(event.data().userId()).orElseThrow().email();
		if (!this.server.hasSent(event.id())) {
			this.server.send(event.id(), recipient, "Please pay " + event.data().amount());
		}
	}

}
