package dev.events.sample.shipping;

import java.util.List;

import dev.events.sample.SampleClient;
import dev.events.sample.SampleTest;
import org.junit.jupiter.api.Test;

import org.springframework.beans.factory.annotation.Autowired;

import static dev.events.sample.SampleClient.eventually;
import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests of offers for shipping.
 */
@SampleTest
class ShippingTests {

	@Autowired
	private SampleClient client;

	@Test
	void bothCarriersAnswer() {
		// the first request may come before subscribers have their partitions
		eventually(() -> assertThat(carriers("lamp")).containsExactly("post", "courier"));
	}

	@Test
	void whatThereIsInTimeIsBetterThanNothing() {
		eventually(() -> assertThat(carriers("elephant")).containsExactly("courier"));
	}

	private List<String> carriers(String item) {
		return this.client.json("/shipping?item=" + item)
			.valueStream()
			.map((offer) -> offer.path("carrier").asString(""))
			.toList();
	}

}
