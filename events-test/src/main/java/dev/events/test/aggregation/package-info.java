/**
 * What aggregations must do on every store.
 */
@NullMarked
package dev.events.test.aggregation;

import org.jspecify.annotations.NullMarked;
