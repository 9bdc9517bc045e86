package dev.events.sample.review;

import java.util.Map;

import dev.events.EventSchema;
import dev.events.EventUpcaster;
import dev.events.schema.SchemaMigrations;

import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

import static dev.events.FieldOption.defaultValue;
import static dev.events.FieldOption.max;
import static dev.events.FieldOption.min;
import static dev.events.FieldOption.required;
import static dev.events.FieldType.INTEGER;
import static dev.events.FieldType.STRING;

/**
 * Both versions of {@code product.reviewed}. Old clients still publish the first one, and
 * the log is full of it.
 */
@Configuration(proxyBeanMethods = false)
class ReviewSchemas {

	private static final EventSchema V1 = EventSchema.of("product.reviewed", "1.0.0")
		.field("product", STRING, required(), min(1))
		.field("stars", INTEGER, required(), min(1), max(5))
		.field("text", STRING, required(), max(1000));

	private static final EventSchema V2 = EventSchema.of("product.reviewed", "2.0.0")
		.field("product", STRING, required(), min(1))
		.field("rating", INTEGER, required(), min(1), max(5))
		.field("text", STRING, required(), max(1000))
		.field("language", STRING, required(), defaultValue("en"));

	@Bean
	EventSchema productReviewedV1() {
		return V1;
	}

	@Bean
	EventSchema productReviewedV2() {
		return V2;
	}

	/** Renames {@code stars}, and adds the language that all reviews were in. */
	@Bean
	EventUpcaster productReviewedMigration() {
		return SchemaMigrations.between(V1, V2, Map.of("/stars", "/rating"));
	}

}
