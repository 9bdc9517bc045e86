package dev.events.sample.review;

import java.util.IntSummaryStatistics;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;

import dev.events.EventSubscriber;

import org.springframework.stereotype.Component;

/**
 * The average rating of each product since this node started. Knows nothing of old
 * versions.
 */
@Component
class Ratings {

	private final Map<String, IntSummaryStatistics> byProduct = new ConcurrentHashMap<>();

	@EventSubscriber(id = "ratings", broadcast = true)
	void rate(ProductReviewed review) {
		this.byProduct.compute(review.product(), (product, known) -> {
			IntSummaryStatistics ratings = new IntSummaryStatistics();
			if (known != null) {
				ratings.combine(known);
			}
			ratings.accept(review.rating());
			return ratings;
		});
	}

	Map<String, Double> averages() {
		Map<String, Double> averages = new TreeMap<>();
		this.byProduct.forEach((product, ratings) -> averages.put(product, ratings.getAverage()));
		return averages;
	}

}
