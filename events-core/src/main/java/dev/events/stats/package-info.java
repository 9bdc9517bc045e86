/**
 * {@link dev.events.stats.EventCounters} counts what happens to events on this node.
 */
@NullMarked
package dev.events.stats;

import org.jspecify.annotations.NullMarked;
