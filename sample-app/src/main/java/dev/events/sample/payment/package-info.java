/**
 * Plugin: charges orders at a payment provider that does not always answer. Shows
 * retries, the dead letter queue, and answering an event with another.
 */
@NullMarked
package dev.events.sample.payment;

import org.jspecify.annotations.NullMarked;
