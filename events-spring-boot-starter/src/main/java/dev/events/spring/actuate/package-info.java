/**
 * What operators see: the endpoints {@code events} and {@code eventdlq}, a health
 * indicator and meters, all of them views of {@link dev.events.EventStats} and
 * {@link dev.events.DeadLetters}.
 */
@NullMarked
package dev.events.spring.actuate;

import org.jspecify.annotations.NullMarked;
