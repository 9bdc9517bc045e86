/**
 * Wires everything: {@link dev.events.spring.autoconfigure.EventsAutoConfiguration}
 * chooses the store and builds the bus,
 * {@link dev.events.spring.autoconfigure.EventsProperties} are the properties
 * {@code events.*}.
 */
@NullMarked
package dev.events.spring.autoconfigure;

import org.jspecify.annotations.NullMarked;
