package dev.events.delivery;

import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;

import dev.events.store.NodeRecord;
import dev.events.store.PartitionId;
import dev.events.store.SubscriptionRecord;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class AssignmentTests {

	@Property
	void everyPartitionHasExactlyOneNodeAndSharesAreEven(@ForAll @IntRange(min = 1, max = 9) int nodes,
			@ForAll @IntRange(min = 1, max = 64) int partitions, @ForAll String id) {
		List<SubscriptionRecord> subscriptions = List.of(subscription("s" + id, partitions, true));
		List<NodeRecord> alive = IntStream.range(0, nodes).mapToObj((n) -> node("n" + n, "s" + id)).toList();
		List<PartitionId> all = new ArrayList<>();
		for (NodeRecord node : alive) {
			List<PartitionId> share = Assignment.of(node.id(), alive, subscriptions);
			assertThat(share.size()).isBetween(partitions / nodes, (partitions + nodes - 1) / nodes);
			all.addAll(share);
		}
		assertThat(all).hasSize(partitions);
		assertThat(new HashSet<>(all)).hasSize(partitions);
	}

	@Test
	void onlyNodesThatServeASubscriptionGetItsPartitions() {
		List<SubscriptionRecord> subscriptions = List.of(subscription("s", 4, true), subscription("paused", 4, false));
		List<NodeRecord> nodes = List.of(node("old", "t"), node("new", "s", "paused"));
		assertThat(Assignment.of("old", nodes, subscriptions)).isEmpty();
		assertThat(Assignment.of("new", nodes, subscriptions)).hasSize(4)
			.allMatch((partition) -> partition.subscription().equals("s"));
		assertThat(Assignment.of("unknown", nodes, subscriptions)).isEmpty();
	}

	@Test
	void aNumberOfPartitionsThatIsNotPossibleAssignsNone() {
		// written by hand, and not worth all memory of all nodes
		List<SubscriptionRecord> subscriptions = List.of(subscription("s", 50_000_000, true),
				subscription("t", 0, true), subscription("u", -3, true), subscription("v", 1024, true));
		assertThat(Assignment.of("n", List.of(node("n", "s", "t", "u", "v")), subscriptions)).hasSize(1024);
	}

	private static NodeRecord node(String id, String... subscriptions) {
		return new NodeRecord(id, Instant.EPOCH, Instant.EPOCH, Set.of(subscriptions));
	}

	private static SubscriptionRecord subscription(String id, int partitions, boolean active) {
		return new SubscriptionRecord(id, List.of("**"), "handler", "{}", active, null, "code", partitions);
	}

}
