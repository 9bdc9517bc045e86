/**
 * Reviews of products, whose event has changed its shape:
 * {@link dev.events.sample.review.ReviewSchemas} says what both versions look like and
 * how the old one becomes the new one.
 */
@NullMarked
package dev.events.sample.review;

import org.jspecify.annotations.NullMarked;
