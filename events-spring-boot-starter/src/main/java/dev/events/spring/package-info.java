/**
 * Events in a Spring Boot application; everything is set up by
 * {@link dev.events.spring.autoconfigure.EventsAutoConfiguration}. In this package is
 * what applications write in their code, in {@code autoconfigure} what they write in
 * their configuration.
 */
@NullMarked
package dev.events.spring;

import org.jspecify.annotations.NullMarked;
