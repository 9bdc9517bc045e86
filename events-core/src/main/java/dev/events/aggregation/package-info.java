/**
 * Runs aggregations: {@link dev.events.aggregation.RegisteredAggregations} has the
 * definitions of this node, {@code WindowStep} adds events to a window and ends it,
 * {@code WindowCommits} stores that in one commit, {@code WindowEvents} calls it for
 * events and {@code WindowDeadlines} when the time of a window is over.
 */
@NullMarked
package dev.events.aggregation;

import org.jspecify.annotations.NullMarked;
