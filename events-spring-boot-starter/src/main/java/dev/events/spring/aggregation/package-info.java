/**
 * Registers beans that define aggregations.
 */
@NullMarked
package dev.events.spring.aggregation;

import org.jspecify.annotations.NullMarked;
