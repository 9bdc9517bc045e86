/**
 * Connectors, which take events out of the bus for subscriptions that are data: what an
 * application implements, and how such subscriptions are served.
 */
@NullMarked
package dev.events.connector;

import org.jspecify.annotations.NullMarked;
