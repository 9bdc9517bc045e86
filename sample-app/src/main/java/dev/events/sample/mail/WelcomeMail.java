package dev.events.sample.mail;

import dev.events.Event;
import dev.events.EventSubscriber;
import dev.events.sample.user.UserRegistered;

import org.springframework.stereotype.Component;

/**
 * Welcomes new users.
 */
@Component
class WelcomeMail {

	private final MailServer server;

	WelcomeMail(MailServer server) {
		this.server = server;
	}

	@EventSubscriber(id = "welcome-mail")
	void welcome(Event<UserRegistered> event) throws InterruptedException {
		// delivery is at-least-once: after a crash between sending and saving the cursor
		// the event comes again. Its id stays the same, so it tells whether the mail is
		// out
		if (this.server.hasSent(event.id())) {
			return;
		}
		this.server.send(event.id(), event.data().email(), "Welcome, " + event.data().name());
	}

}
