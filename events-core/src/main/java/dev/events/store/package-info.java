/**
 * What a store has to do: {@link dev.events.store.EventStore} names the parts. Retry
 * policy, ordering, sharing out of partitions and dead letters are decided by the
 * delivery engine; a store keeps what it is told, atomically where an interface says so.
 * The contract suite in {@code events-test} checks every statement made here.
 */
@NullMarked
package dev.events.store;

import org.jspecify.annotations.NullMarked;
