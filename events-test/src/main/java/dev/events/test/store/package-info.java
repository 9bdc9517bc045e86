/**
 * The contract that every store meets. A store's test extends
 * {@link dev.events.test.store.EventStoreContract} and provides a
 * {@link dev.events.test.store.StoreFixture}; {@link dev.events.test.store.EventRecords}
 * makes events for further tests.
 */
@NullMarked
package dev.events.test.store;

import org.jspecify.annotations.NullMarked;
