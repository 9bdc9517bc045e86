/**
 * The warehouse is another application, with which we exchange events by Kafka, in the
 * profile {@code kafka}: it gets the orders that are paid, and tells which are shipped.
 */
@NullMarked
package dev.events.sample.warehouse;

import org.jspecify.annotations.NullMarked;
