/**
 * Where users live: kept in the event log only, encrypted, until they want to be
 * forgotten.
 */
@NullMarked
package dev.events.sample.address;

import org.jspecify.annotations.NullMarked;
