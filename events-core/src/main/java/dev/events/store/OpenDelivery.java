package dev.events.store;

/**
 * A delivery, or several of one partition, of which the store does not know yet that they
 * are done. It is open as long as its lease is current, and either the cursor of the
 * partition is in front of it, or it is stored.
 *
 * @param lease the lease under which it was made
 * @param position position of its event; of several that come from the log the lowest one
 * @param stored whether it is one of the stored deliveries, and not from the log
 */
public record OpenDelivery(Lease lease, long position, boolean stored) {

}
