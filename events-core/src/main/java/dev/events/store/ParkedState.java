package dev.events.store;

import java.util.Set;

/**
 * What the owner of a partition has to know of its stored deliveries.
 *
 * @param blockedKeys keys with a delivery that is parked, queued, released or dead and
 * holding: later events of these keys must be queued
 * @param readyKeys those of the blocked keys that have nothing but queued deliveries: a
 * node died while it worked these off, and the next owner goes on with it
 * @param positionsAhead positions beyond the cursor for which there is a delivery already
 * @param waiting how many deliveries are parked, queued or released
 */
public record ParkedState(Set<String> blockedKeys, Set<String> readyKeys, Set<Long> positionsAhead, long waiting) {

}
