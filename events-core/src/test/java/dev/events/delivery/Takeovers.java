package dev.events.delivery;

import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;

import dev.events.store.Lease;
import dev.events.store.PartitionId;

/**
 * How often partitions were claimed that nobody had given up: because a lease ran out, or
 * the number of partitions was changed. What the one who had them before has not saved is
 * repeated then, by whoever claims them; and again when the partition changes hands for
 * the next time, for he may have been in the middle of it. A hook of a store that all
 * nodes share.
 */
final class Takeovers implements HookedStore.Hook {

	private final Map<PartitionId, Lease> leases = new HashMap<>();

	private final Set<PartitionId> givenUp = new HashSet<>();

	private final Set<PartitionId> takenOver = new HashSet<>();

	private int count;

	/** How often that was. A worker that follows sees it. */
	synchronized int count() {
		return this.count;
	}

	@Override
	public Object around(String method, Object[] args, Callable<Object> call) throws Exception {
		if (method.equals("Cursors.release")) {
			// before anybody can claim it
			((Collection<?>) args[0]).forEach((lease) -> giveUp((Lease) lease));
			return call.call();
		}
		Object result = call.call();
		if (method.equals("Cursors.claim")) {
			((Collection<?>) result).forEach((lease) -> claim((Lease) lease));
		}
		return result;
	}

	private synchronized void giveUp(Lease lease) {
		Lease last = this.leases.get(lease.partition());
		if (last != null && last.epoch() == lease.epoch()) {
			this.givenUp.add(lease.partition());
		}
	}

	private synchronized void claim(Lease lease) {
		PartitionId partition = lease.partition();
		Lease before = this.leases.put(partition, lease);
		boolean handedOver = this.givenUp.remove(partition) && before != null
				&& before.partitions() == lease.partitions();
		if (!handedOver || this.takenOver.contains(partition)) {
			this.count++;
		}
		if (handedOver) {
			this.takenOver.remove(partition);
		}
		else {
			this.takenOver.add(partition);
		}
	}

}
