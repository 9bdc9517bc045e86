package dev.events.store;

/**
 * One share of a subscription.
 *
 * @param subscription id of the subscription
 * @param partition number of the share, from 0
 */
public record PartitionId(String subscription, int partition) {

	/**
	 * Which partition an event belongs to.
	 * @param hash {@link #hash(EventRecord)} of the event
	 * @param partitions number of partitions
	 */
	public static int of(int hash, int partitions) {
		return Math.floorMod(hash, partitions);
	}

	/**
	 * A stable hash of what decides on the partition: the key, or else the id.
	 */
	public static int hash(EventRecord event) {
		return spread((event.key() != null) ? event.key().hashCode() : event.id().hashCode());
	}

	/** That of all events with this key. */
	public static int hash(String key) {
		return spread(key.hashCode());
	}

	private static int spread(int of) {
		int hash = of;
		// finaliser of MurmurHash3: String.hashCode leaves the low bits poorly spread
		hash ^= hash >>> 16;
		hash *= 0x85ebca6b;
		hash ^= hash >>> 13;
		hash *= 0xc2b2ae35;
		hash ^= hash >>> 16;
		return hash;
	}

	@Override
	public String toString() {
		return this.subscription + "[" + this.partition + "]";
	}

}
