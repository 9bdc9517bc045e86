/** The PostgreSQL that everybody is measured on. */
@NullMarked
package dev.events.benchmarks.server;

import org.jspecify.annotations.NullMarked;
