/**
 * Connectors for subscriptions that are data: {@code log}, and {@code function} for
 * methods of beans.
 */
@NullMarked
package dev.events.spring.connector;

import org.jspecify.annotations.NullMarked;
