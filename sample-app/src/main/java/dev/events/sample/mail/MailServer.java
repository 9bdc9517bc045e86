package dev.events.sample.mail;

import java.time.OffsetDateTime;
import java.util.List;
import java.util.UUID;

import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/**
 * Stands in for a mail server: takes its time, then puts the mail into a table.
 */
@Component
class MailServer {

	private final JdbcClient jdbc;

	private final MailProperties properties;

	MailServer(JdbcClient jdbc, MailProperties properties) {
		this.jdbc = jdbc;
		this.properties = properties;
	}

	boolean hasSent(UUID messageId) {
		return this.jdbc.sql("select count(*) from mails where message_id = ?")
			.param(messageId)
			.query(Integer.class)
			.single() > 0;
	}

	void send(UUID messageId, String recipient, String subject) throws InterruptedException {
		Thread.sleep(this.properties.latency().toMillis());
		this.jdbc.sql("insert into mails (message_id, recipient, subject) values (?, ?, ?)")
			.params(messageId, recipient, subject)
			.update();
	}

	List<Mail> sent(int limit) {
		return this.jdbc.sql("select recipient, subject, sent_at from mails order by number fetch first ? rows only")
			.param(limit)
			.query((row, number) -> new Mail(row.getString("recipient"), row.getString("subject"),
					row.getObject("sent_at", OffsetDateTime.class).toInstant()))
			.list();
	}

}
