/**
 * Between the bus and Spring's {@code ApplicationEventPublisher}, without loops:
 * {@link dev.events.spring.bridge.ApplicationEventIntake} publishes application events on
 * the bus, {@link dev.events.spring.bridge.ApplicationEventForwarder} publishes the bus'
 * events to {@code @EventListener}s.
 */
@NullMarked
package dev.events.spring.bridge;

import org.jspecify.annotations.NullMarked;
