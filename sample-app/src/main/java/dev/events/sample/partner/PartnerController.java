package dev.events.sample.partner;

import java.nio.charset.StandardCharsets;
import java.util.List;

import org.springframework.dao.DuplicateKeyException;
import org.springframework.http.HttpStatus;
import org.springframework.http.ResponseEntity;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RestController;

/**
 * Where the partner receives webhooks, and shows what it has.
 */
@RestController
class PartnerController {

	private final WebhookVerifier verifier;

	private final JdbcClient jdbc;

	PartnerController(WebhookVerifier verifier, JdbcClient jdbc) {
		this.verifier = verifier;
		this.jdbc = jdbc;
	}

	@PostMapping("/partner/messages")
	ResponseEntity<Void> receive(@RequestHeader("webhook-id") String id,
			@RequestHeader("webhook-timestamp") long timestamp, @RequestHeader("webhook-signature") String signatures,
			@RequestBody byte[] body) {
		if (!this.verifier.isGenuine(id, timestamp, signatures, body)) {
			return ResponseEntity.status(HttpStatus.UNAUTHORIZED).build();
		}
		try {
			this.jdbc.sql("insert into partner_messages (message_id, body) values (?, ?)")
				.params(id, new String(body, StandardCharsets.UTF_8))
				.update();
		}
		catch (DuplicateKeyException ex) {
			// at-least-once: the message has come before
		}
		return ResponseEntity.noContent().build();
	}

	/** The newest messages, oldest of them first. */
	@GetMapping("/partner/messages")
	List<String> messages() {
		return this.jdbc.sql("""
				select body from (select * from partner_messages order by number desc fetch first 100 rows only) newest
				order by number
				""").query((rows, number) -> rows.getString("body")).list();
	}

}
