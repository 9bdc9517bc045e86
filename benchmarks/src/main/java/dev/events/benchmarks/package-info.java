/**
 * Measures the system beside its peers on one PostgreSQL; {@link Benchmarks} is the
 * command.
 */
@NullMarked
package dev.events.benchmarks;

import org.jspecify.annotations.NullMarked;
