package dev.events.sample.review;

import java.time.Duration;

import dev.events.Aggregation;

import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/**
 * Makes one event of the reviews of a product that come in quick succession, for those
 * who would rather not hear of each.
 */
@Configuration(proxyBeanMethods = false)
class ReviewDigests {

	@Bean
	Aggregation<ProductReviewed, Ratings> reviewDigest() {
		return Aggregation.named("review-digest")
			.on(ProductReviewed.class)
			.debounce(Duration.ofSeconds(3), Duration.ofMinutes(1))
			.into(Ratings.class, () -> new Ratings(0, 0), (ratings, review) -> ratings.plus(review.data().rating()))
			.publishAs(ProductRated.class, (ratings, window) -> ratings.of(window.key()));
	}

	/**
	 * What is kept between two reviews.
	 *
	 * @param count how many ratings
	 * @param sum their sum
	 */
	record Ratings(int count, int sum) {

		Ratings plus(int rating) {
			return new Ratings(this.count + 1, this.sum + rating);
		}

		ProductRated of(String product) {
			return new ProductRated(product, this.count, (double) this.sum / this.count);
		}

	}

}
