/**
 * Tracing beyond what Spring Boot does for every observation: deliveries that are only
 * linked to the traces of their publishers, and what others are told of a trace.
 */
@NullMarked
package dev.events.spring.tracing;

import org.jspecify.annotations.NullMarked;
