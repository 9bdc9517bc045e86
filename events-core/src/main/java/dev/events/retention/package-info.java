/**
 * How long events are kept: {@link dev.events.retention.Retention} deletes what the rules
 * of {@link dev.events.retention.RetentionSettings} no longer keep and every subscription
 * has had.
 */
@NullMarked
package dev.events.retention;

import org.jspecify.annotations.NullMarked;
