package dev.events.sample.mail;

import java.util.List;

import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;

/**
 * Mails that were sent, oldest first.
 */
@RestController
class MailController {

	private static final int MAX_MAILS = 1000;

	private final MailServer server;

	MailController(MailServer server) {
		this.server = server;
	}

	@GetMapping("/mails")
	List<Mail> mails() {
		return this.server.sent(MAX_MAILS);
	}

}
