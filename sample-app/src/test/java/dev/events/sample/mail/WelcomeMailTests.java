package dev.events.sample.mail;

import java.util.UUID;

import dev.events.Event;
import dev.events.sample.SampleClient;
import dev.events.sample.SampleTest;
import dev.events.sample.user.UserRegistered;
import org.junit.jupiter.api.Test;

import org.springframework.beans.factory.annotation.Autowired;

import static dev.events.sample.SampleClient.eventually;
import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests of the welcome mail.
 */
@SampleTest
class WelcomeMailTests {

	@Autowired
	private SampleClient client;

	@Autowired
	private WelcomeMail welcomeMail;

	@Test
	void aNewUserIsWelcomed() {
		this.client.register("barbara@mail.example", "Barbara");

		eventually(() -> assertThat(this.client.json("/mails").valueStream())
			.filteredOn((mail) -> mail.path("recipient").asString().equals("barbara@mail.example"))
			.singleElement()
			.satisfies((mail) -> assertThat(mail.path("subject").asString()).isEqualTo("Welcome, Barbara")));
	}

	@Test
	void anEventThatComesTwiceSendsOneMail() throws Exception {
		Event<UserRegistered> event = Event.of(new UserRegistered(UUID.randomUUID(), "twice@mail.example", "Twice"));

		this.welcomeMail.welcome(event);
		this.welcomeMail.welcome(event);

		assertThat(this.client.values("/mails", "recipient")).containsOnlyOnce("twice@mail.example");
	}

}
