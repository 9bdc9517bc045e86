/**
 * What is measured: each {@link dev.events.benchmarks.contender.Contender} is one running
 * node of one system, started by its {@link dev.events.benchmarks.contender.Entrant}.
 */
@NullMarked
package dev.events.benchmarks.contender;

import org.jspecify.annotations.NullMarked;
