/**
 * The measurements: each {@link dev.events.benchmarks.measure.Measurement} is one figure
 * that can be run alone.
 */
@NullMarked
package dev.events.benchmarks.measure;

import org.jspecify.annotations.NullMarked;
