package dev.events.store;

import java.util.List;

import org.jspecify.annotations.Nullable;

/**
 * Progress of one partition: everything up to the position is done, but for the
 * deliveries parked here or earlier.
 *
 * @param lease the lease under which the progress was made
 * @param position new position of the cursor; one below the stored position leaves the
 * cursor where it is, the changes are applied all the same
 * @param changes what became of deliveries, in order
 * @param replay progress of a replay in the partition, or {@code null}; numbers below the
 * stored ones leave these as they are, and progress of a replay that the store does not
 * know means nothing
 */
public record Checkpoint(Lease lease, long position, List<DeliveryChange> changes, @Nullable ReplayProgress replay) {

	/** Without a replay. */
	public Checkpoint(Lease lease, long position, List<DeliveryChange> changes) {
		this(lease, position, changes, null);
	}

}
