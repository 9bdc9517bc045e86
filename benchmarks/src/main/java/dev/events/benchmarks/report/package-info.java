/** Figures of all rounds, and the table that comes of them. */
@NullMarked
package dev.events.benchmarks.report;

import org.jspecify.annotations.NullMarked;
