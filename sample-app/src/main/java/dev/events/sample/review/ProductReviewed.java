package dev.events.sample.review;

import dev.events.EventKey;
import dev.events.EventType;

/**
 * Somebody has reviewed a product. In version 1.0.0 the rating was called stars, and
 * there was no language.
 *
 * @param product what was reviewed
 * @param rating from 1 to 5
 * @param text what was written
 * @param language in which
 */
@EventType(value = "product.reviewed", version = "2.0.0")
public record ProductReviewed(@EventKey String product, int rating, String text, String language) {

}
