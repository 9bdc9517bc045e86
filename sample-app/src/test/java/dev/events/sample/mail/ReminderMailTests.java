package dev.events.sample.mail;

import java.time.Instant;
import java.util.List;
import java.util.UUID;

import dev.events.sample.SampleClient;
import dev.events.sample.SampleTest;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

import org.springframework.beans.factory.annotation.Autowired;

import static dev.events.sample.SampleClient.eventually;
import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests of the reminder, which is scheduled with the order and cancelled with the
 * payment.
 */
@SampleTest
class ReminderMailTests {

	@Autowired
	private SampleClient client;

	@Test
	void whoDoesNotPayIsRemindedAndWhoPaysIsNot() {
		UUID paid = this.client.order(this.client.register("ann@reminder.example", "Ann"), "1.00", "lamp");
		eventually(() -> assertThat(this.client.json("/orders/" + paid).path("status").asString()).isEqualTo("PAID"));
		assertThat(scheduled(paid)).isEmpty();

		UUID unpaid = this.client.order(this.client.register("bob@reminder.example", "Bob"), "2.50", "broken lamp");
		assertThat(scheduled(unpaid)).singleElement().satisfies((reminder) -> {
			assertThat(reminder.at("/event/type").asString()).isEqualTo("order.unpaid");
			assertThat(Instant.parse(reminder.path("dueAt").asString()))
				.isEqualTo(Instant.parse(reminder.at("/event/timestamp").asString()));
		});
		assertThat(reminders()).doesNotContain("bob@reminder.example");

		eventually(() -> assertThat(reminders()).contains("bob@reminder.example"));
		assertThat(scheduled(unpaid)).isEmpty();
		assertThat(reminders()).doesNotContain("ann@reminder.example");
	}

	private List<JsonNode> scheduled(UUID order) {
		return this.client.json("/actuator/eventschedule?size=1000")
			.path("scheduled")
			.valueStream()
			.filter((scheduled) -> scheduled.at("/event/key").asString().equals(order.toString()))
			.toList();
	}

	private List<String> reminders() {
		return this.client.json("/mails")
			.valueStream()
			.filter((mail) -> mail.path("subject").asString().startsWith("Please pay"))
			.map((mail) -> mail.path("recipient").asString())
			.toList();
	}

}
