package dev.events.sample.review;

import java.util.Map;
import java.util.stream.LongStream;

import dev.events.EventBus;
import dev.events.sample.SampleClient;
import dev.events.sample.SampleTest;
import dev.events.store.EventStore;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.Test;

import org.springframework.beans.factory.annotation.Autowired;

import static dev.events.sample.SampleClient.eventually;
import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests of an event that has changed its shape.
 */
@SampleTest
class ReviewTests {

	@Autowired
	private SampleClient client;

	@Autowired
	private EventBus events;

	@Autowired
	private EventStore store;

	@Test
	void oldReviewsReachSubscribersAndQueriesInTheNewShape() {
		this.client.post("/reviews?version=1.0.0", Map.of("product", "lamp", "stars", 3, "text", "Bright"))
			.expectStatus()
			.isCreated();
		this.client.post("/reviews", Map.of("product", "lamp", "rating", 4, "text", "Hell", "language", "de"))
			.expectStatus()
			.isCreated();

		eventually(() -> assertThat(this.client.json("/reviews/ratings").path("lamp").asDouble()).isEqualTo(3.5));
		assertThat(this.events.query().type("product.reviewed").key("lamp").stream(ProductReviewed.class))
			.extracting((event) -> event.version() + " " + event.data())
			.containsExactly("2.0.0 ProductReviewed[product=lamp, rating=3, text=Bright, language=en]",
					"2.0.0 ProductReviewed[product=lamp, rating=4, text=Hell, language=de]");
		assertThat(this.client.values("/reviews", "rating")).contains("3", "4");
		assertThat(this.store.log().readAll(LongStream.rangeClosed(1, this.store.log().head()).boxed().toList()))
			.filteredOn((stored) -> "lamp".equals(stored.event().key()))
			.first()
			.satisfies((stored) -> assertThat(stored.event().data()).contains("\"stars\":3"));
	}

	@Test
	void whatIsNotValidIsRefusedWithEveryField() {
		this.client.post("/reviews", Map.of("product", "", "rating", 7, "stars", 7, "language", "de"))
			.expectStatus()
			.isEqualTo(422)
			.expectBody()
			.jsonPath("$.errors")
			.value((errors) -> assertThat(errors).asInstanceOf(InstanceOfAssertFactories.list(String.class))
				.containsExactlyInAnyOrder("/text is required", "/stars is not allowed", "/rating must be at most 5",
						"/product must have at least 1 characters"));
		assertThat(this.client.values("/reviews", "product")).doesNotContain("");
	}

	@Test
	void reviewsInQuickSuccessionBecomeOneEvent() {
		for (int rating = 3; rating <= 5; rating++) {
			this.client.post("/reviews", Map.of("product", "kettle", "rating", rating, "text", "Hot", "language", "en"))
				.expectStatus()
				.isCreated();
		}

		eventually(() -> assertThat(this.events.query().type("product.rated").key("kettle").stream(ProductRated.class))
			.extracting((event) -> event.data())
			.containsExactly(new ProductRated("kettle", 3, 4.0)));
		assertThat(this.client.json("/actuator/eventaggregations").path("aggregations").path(0).path("aggregation"))
			.hasToString("\"review-digest\"");
	}

	@Test
	void schemasCanBeSeen() {
		assertThat(this.events.schemas().versions("product.reviewed")).extracting((schema) -> schema.version())
			.containsExactly("1.0.0", "2.0.0");
		assertThat(this.client.json("/actuator/eventschemas").path("types").path("product.reviewed").size())
			.isEqualTo(2);
	}

}
