/**
 * Tracing of deliveries that are only linked to the traces of their publishers.
 */
@NullMarked
package dev.events.spring.tracing;

import org.jspecify.annotations.NullMarked;
