/** JMH benchmarks of what happens in memory, beside other event buses. */
@NullMarked
package dev.events.benchmarks.memory;

import org.jspecify.annotations.NullMarked;
