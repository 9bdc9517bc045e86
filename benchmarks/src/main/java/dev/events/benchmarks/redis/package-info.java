/** Measurements of the store on Redis. */
@NullMarked
package dev.events.benchmarks.redis;

import org.jspecify.annotations.NullMarked;
