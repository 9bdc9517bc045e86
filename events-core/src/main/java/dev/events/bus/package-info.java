/**
 * {@link dev.events.bus.DurableEventBus} puts the parts together: publishing, delivery,
 * and the views on what is stored.
 */
@NullMarked
package dev.events.bus;

import org.jspecify.annotations.NullMarked;
