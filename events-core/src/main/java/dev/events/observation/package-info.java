/**
 * Lets an {@link io.micrometer.observation.ObservationRegistry} see what is published and
 * delivered, and log lines of handlers say for which event they are.
 * {@link dev.events.observation.EventObservation} documents the observations;
 * {@link dev.events.observation.EventPublishConvention} and
 * {@link dev.events.observation.EventDeliveryConvention} change what they say. The trace
 * of the publisher travels in the metadata of the event.
 */
@NullMarked
package dev.events.observation;

import org.jspecify.annotations.NullMarked;
