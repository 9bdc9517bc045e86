/**
 * {@link dev.events.correlation.CurrentEvent} knows which event a thread is handling, so
 * that events published meanwhile are linked to it.
 */
@NullMarked
package dev.events.correlation;

import org.jspecify.annotations.NullMarked;
