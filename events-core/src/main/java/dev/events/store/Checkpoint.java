package dev.events.store;

import java.util.List;

/**
 * Progress of one partition: everything up to the position is done, but for the
 * deliveries parked here or earlier.
 *
 * @param lease the lease under which the progress was made
 * @param position new position of the cursor; one below the stored position leaves the
 * cursor where it is, the changes are applied all the same
 * @param changes what became of deliveries, in order
 */
public record Checkpoint(Lease lease, long position, List<DeliveryChange> changes) {

}
