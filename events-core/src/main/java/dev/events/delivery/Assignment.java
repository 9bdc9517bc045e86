package dev.events.delivery;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;

import dev.events.store.NodeRecord;
import dev.events.store.PartitionId;
import dev.events.store.SubscriptionRecord;

/**
 * Which node should have which partition. Every node computes the same from the same
 * input, so that nobody has to decide for the others; until all have seen the same nodes,
 * leases keep a partition from being served twice.
 */
final class Assignment {

	private Assignment() {
	}

	/** The partitions that a node should have, of the subscriptions that it serves. */
	static List<PartitionId> of(String node, List<NodeRecord> nodes, Collection<SubscriptionRecord> subscriptions) {
		List<PartitionId> assigned = new ArrayList<>();
		for (SubscriptionRecord subscription : subscriptions) {
			if (!subscription.active() || !subscription.hasPossiblePartitions()) {
				continue;
			}
			List<String> candidates = nodes.stream()
				.filter((candidate) -> candidate.subscriptions().contains(subscription.id()))
				.map(NodeRecord::id)
				.sorted()
				.toList();
			int self = candidates.indexOf(node);
			if (self < 0) {
				continue;
			}
			// so that not everybody's partition 0 goes to the same node
			int shift = Math.floorMod(subscription.id().hashCode(), candidates.size());
			for (int partition = 0; partition < subscription.partitions(); partition++) {
				if ((partition + shift) % candidates.size() == self) {
					assigned.add(new PartitionId(subscription.id(), partition));
				}
			}
		}
		return assigned;
	}

}
