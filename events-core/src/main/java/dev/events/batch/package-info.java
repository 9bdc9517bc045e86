/**
 * Emits many items as one event: a {@link dev.events.batch.CollectingEmitter} collects
 * them, {@link dev.events.batch.Emitters} are all of one bus.
 */
@NullMarked
package dev.events.batch;

import org.jspecify.annotations.NullMarked;
