/**
 * {@link dev.events.test.saga.OrderSagaScenarios} run an order saga over a store.
 */
@NullMarked
package dev.events.test.saga;

import org.jspecify.annotations.NullMarked;
