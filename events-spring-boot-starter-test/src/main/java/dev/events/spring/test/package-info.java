/**
 * Tests of Spring Boot applications with events:
 * {@link dev.events.spring.test.EventsTest @EventsTest} for subscribers alone,
 * {@link dev.events.spring.test.AutoConfigureTestEventBus @AutoConfigureTestEventBus} for
 * whole applications. Both have a {@link dev.events.test.TestEventBus}.
 */
@NullMarked
package dev.events.spring.test;

import org.jspecify.annotations.NullMarked;
