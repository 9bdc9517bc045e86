package dev.events.sample.review;

import java.util.List;
import java.util.Map;

import dev.events.Event;
import dev.events.EventBus;
import dev.events.Publication;
import dev.events.SchemaViolation;
import dev.events.SchemaViolationException;

import org.springframework.http.HttpStatus;
import org.springframework.http.ProblemDetail;
import org.springframework.web.bind.annotation.ExceptionHandler;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;

/**
 * Takes reviews from clients old and new; the schema of the version they name says what
 * is valid.
 */
@RestController
@RequestMapping("/reviews")
class ReviewController {

	private static final String TYPE = "product.reviewed";

	private final EventBus events;

	private final Ratings ratings;

	ReviewController(EventBus events, Ratings ratings) {
		this.events = events;
		this.ratings = ratings;
	}

	@PostMapping
	@ResponseStatus(HttpStatus.CREATED)
	Stored review(@RequestParam(defaultValue = "2.0.0") String version, @RequestBody Map<String, Object> data) {
		Event<?> event = Event.of(TYPE, data).withVersion(version);
		if (data.get("product") instanceof String product && !product.isBlank()) {
			event = event.withKey(product);
		}
		Publication stored = this.events.publish(event);
		return new Stored(stored.event().version());
	}

	/** Everything from the log, old reviews too, in the shape of today. */
	@GetMapping
	List<ProductReviewed> reviews() {
		return this.events.query().type(TYPE).stream(ProductReviewed.class).map(Event::data).toList();
	}

	@GetMapping("/ratings")
	Map<String, Double> ratings() {
		return this.ratings.averages();
	}

	@ExceptionHandler
	ProblemDetail invalid(SchemaViolationException ex) {
		ProblemDetail problem = ProblemDetail.forStatusAndDetail(HttpStatus.UNPROCESSABLE_CONTENT,
				ex.violations().isEmpty() ? String.valueOf(ex.getMessage()) : "The review is not valid");
		problem.setProperty("errors", ex.violations().stream().map(SchemaViolation::toString).toList());
		return problem;
	}

	/**
	 * What is answered.
	 *
	 * @param version version as which the review is stored
	 */
	record Stored(String version) {

	}

}
