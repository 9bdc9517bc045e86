/**
 * A store in the memory of one process: {@link dev.events.memory.MemoryEventStore}. For
 * tests, and for applications whose events need not outlive them.
 */
@NullMarked
package dev.events.memory;

import org.jspecify.annotations.NullMarked;
