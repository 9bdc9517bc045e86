package dev.events.sample.user;

import java.util.UUID;

import dev.events.EventBus;
import dev.events.sample.SampleClient;
import dev.events.sample.SampleTest;
import org.junit.jupiter.api.Test;

import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.transaction.support.TransactionTemplate;

import static dev.events.sample.SampleClient.eventually;
import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests of user and event in one transaction.
 */
@SampleTest
class RegistrationTests {

	@Autowired
	private Registration registration;

	@Autowired
	private EventBus events;

	@Autowired
	private TransactionTemplate transaction;

	@Autowired
	private SampleClient client;

	@Test
	void whatIsRolledBackIsNeitherStoredNorDelivered() {
		UUID rolledBack = this.transaction.execute((status) -> {
			status.setRollbackOnly();
			return this.registration.register("rolled@back.example", "Rolled Back").id();
		});
		UUID committed = this.client.register("committed@back.example", "Committed");

		this.client.get("/users/" + rolledBack).expectStatus().isNotFound();
		assertThat(this.events.query().key(rolledBack.toString()).list(1)).isEmpty();
		// the audit log takes everything in order: what is not before the next is nowhere
		eventually(() -> assertThat(this.client.values("/audit?limit=100", "key")).contains(committed.toString()));
		assertThat(this.client.values("/audit?limit=100", "key")).doesNotContain(rolledBack.toString());
	}

}
