package dev.events.sample.linking;

import java.util.UUID;

import dev.events.sample.SampleClient;
import dev.events.sample.SampleTest;
import org.junit.jupiter.api.Test;

import org.springframework.beans.factory.annotation.Autowired;

import static dev.events.sample.SampleClient.eventually;
import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests of linked accounts.
 */
@SampleTest
class AccountLinkingTests {

	@Autowired
	private SampleClient client;

	@Test
	void twoAddressesOfOneMailboxAreLinkedAndTheNewsHasItsSource() {
		UUID home = this.client.register("tony@linking.example", "Tony");
		UUID work = this.client.register("Tony+work@linking.example", "Tony at work");

		eventually(() -> assertThat(links(home)).containsExactly(work.toString()));
		assertThat(links(work)).containsExactly(home.toString());
		assertThat(this.client.values("/users/" + work + "/events", "type")).containsExactly("user.registered",
				"user.linked");
		assertThat(this.client.values("/users/" + work + "/events", "source")).containsExactly("sample",
				"account-linking");
	}

	@Test
	void othersAreNot() {
		UUID one = this.client.register("one@linking.example", "One");
		UUID other = this.client.register("other@linking.example", "Other");
		UUID last = this.client.register("one+2@linking.example", "One again");

		// one partition, so the one in the middle has been looked at as well
		eventually(() -> assertThat(links(one)).containsExactly(last.toString()));
		assertThat(links(other)).isEmpty();
	}

	private Iterable<String> links(UUID user) {
		return this.client.json("/users/" + user + "/links").valueStream().map((id) -> id.asString()).toList();
	}

}
