package dev.events.sample.review;

import dev.events.EventKey;
import dev.events.EventType;

/**
 * A product was reviewed, perhaps several times one soon after the other.
 *
 * @param product what was reviewed
 * @param reviews how often
 * @param average average rating of these reviews
 */
@EventType("product.rated")
public record ProductRated(@EventKey String product, int reviews, double average) {

}
