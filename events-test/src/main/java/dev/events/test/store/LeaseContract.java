package dev.events.test.store;

import java.util.List;
import java.util.Set;

import dev.events.store.Checkpoint;
import dev.events.store.CursorState;
import dev.events.store.Lease;
import dev.events.store.PartitionId;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Claiming, renewing and releasing partitions.
 */
abstract class LeaseContract extends StoreContract {

	private static final PartitionId FIRST = new PartitionId("audit", 0);

	@BeforeEach
	void subscribe() {
		register("audit", 3);
	}

	@Test
	void freePartitionsAreClaimed() {
		checkpointed(claimed("node-1", FIRST), 7);
		List<Lease> leases = claimed("node-1", partitions("audit", 3), LONG);
		assertThat(leases).filteredOn((lease) -> lease.partition().equals(FIRST))
			.singleElement()
			.extracting(Lease::position)
			.isEqualTo(7L);
		assertThat(leases).allMatch((lease) -> lease.partitions() == 3);
		assertThat(this.store.cursors().list()).hasSize(3).allMatch((cursor) -> "node-1".equals(cursor.owner()));
	}

	@Test
	void partitionsOfOthersAndUnknownOnesAreMissing() {
		claimed("node-1", FIRST);
		List<Lease> leases = this.store.cursors()
			.claim("node-2", List.of(FIRST, new PartitionId("audit", 1), new PartitionId("audit", 3),
					new PartitionId("audit", -1), new PartitionId("other", 0)), LONG);
		assertThat(leases).extracting(Lease::partition).containsExactly(new PartitionId("audit", 1));
		assertThat(cursor(FIRST).owner()).isEqualTo("node-1");
	}

	@Test
	void partitionNamedTwiceIsClaimedOnce() {
		List<Lease> leases = this.store.cursors().claim("node-1", List.of(FIRST, FIRST), LONG);
		assertThat(leases).hasSize(1);
		assertThat(this.store.cursors().renew(leases, LONG)).containsExactly(FIRST);
	}

	@Test
	void eachClaimRaisesTheEpochByOne() {
		Lease first = claimed("node-1", FIRST);
		this.store.cursors().release(List.of(first));
		Lease second = claimed("node-2", FIRST);
		assertThat(second.epoch()).isEqualTo(first.epoch() + 1);
		Lease third = claimed("node-2", FIRST);
		assertThat(third.epoch()).isEqualTo(second.epoch() + 1);
		assertThat(this.store.cursors().renew(List.of(first, second), LONG)).isEmpty();
		assertThat(this.store.cursors().renew(List.of(third), LONG)).containsExactly(FIRST);
	}

	@Test
	void leaseThatRanOutIsFree() {
		Lease lost = claimed("node-1", List.of(FIRST), SHORT).get(0);
		letShortTimePass();
		assertThat(cursor(FIRST).owner()).isNull();
		Lease lease = claimed("node-2", FIRST);
		assertThat(lease.epoch()).isEqualTo(lost.epoch() + 1);
		assertThat(cursor(FIRST).owner()).isEqualTo("node-2");
		assertThat(this.store.cursors().renew(List.of(lost), LONG)).isEmpty();
		assertThat(cursor(FIRST).owner()).isEqualTo("node-2");
	}

	@Test
	void renewedLeaseGoesOn() {
		Lease lease = claimed("node-1", List.of(FIRST), SHORT).get(0);
		assertThat(this.store.cursors().renew(List.of(lease), LONG)).containsExactly(FIRST);
		letShortTimePass();
		assertThat(cursor(FIRST).owner()).isEqualTo("node-1");
		assertThat(this.store.cursors().claim("node-2", List.of(FIRST), LONG)).isEmpty();
	}

	@Test
	void renewedTimeCountsFromNow() {
		Lease lease = claimed("node-1", FIRST);
		assertThat(this.store.cursors().renew(List.of(lease), SHORT)).containsExactly(FIRST);
		letShortTimePass();
		assertThat(cursor(FIRST).owner()).isNull();
		claimed("node-2", FIRST);
	}

	@Test
	void leaseThatRanOutUnclaimedIsRenewed() {
		Lease lease = claimed("node-1", List.of(FIRST), SHORT).get(0);
		letShortTimePass();
		assertThat(this.store.cursors().renew(List.of(lease), LONG)).containsExactly(FIRST);
		assertThat(cursor(FIRST).owner()).isEqualTo("node-1");
		assertThat(this.store.cursors().claim("node-2", List.of(FIRST), LONG)).isEmpty();
	}

	@Test
	void renewTellsTheLostFromTheRest() {
		List<Lease> leases = claimed("node-1", partitions("audit", 3), LONG);
		this.store.cursors().release(leases.subList(0, 1));
		claimed("node-2", leases.get(0).partition());
		this.store.cursors().release(leases.subList(1, 2));
		assertThat(this.store.cursors().renew(leases, LONG)).isEqualTo(Set.of(leases.get(2).partition()));
	}

	@Test
	void releasedPartitionIsFreeAtOnce() {
		Lease lease = claimed("node-1", FIRST);
		this.store.cursors().release(List.of(lease));
		assertThat(cursor(FIRST).owner()).isNull();
		claimed("node-2", FIRST);
	}

	@Test
	void releaseOfAnOldLeaseIsIgnored() {
		Lease old = claimed("node-1", FIRST);
		this.store.cursors().release(List.of(old));
		Lease lease = claimed("node-2", FIRST);
		this.store.cursors().release(List.of(old));
		assertThat(cursor(FIRST).owner()).isEqualTo("node-2");
		assertThat(this.store.cursors().renew(List.of(lease), LONG)).containsExactly(FIRST);
	}

	@Test
	void cursorsAreListedByPartition() {
		register("zeta", 1);
		register("beta", 12);
		Lease lease = claimed("node-1", new PartitionId("beta", 10));
		checkpointed(lease, 4);
		List<CursorState> cursors = this.store.cursors().list();
		assertThat(cursors).hasSize(16);
		assertThat(cursors.subList(0, 3)).extracting(CursorState::partition)
			.containsExactlyElementsOf(partitions("audit", 3));
		assertThat(cursors.subList(3, 15)).extracting(CursorState::partition)
			.containsExactlyElementsOf(partitions("beta", 12));
		assertThat(cursors.get(13)).isEqualTo(new CursorState(lease.partition(), 4, "node-1"));
		assertThat(cursors.get(15)).isEqualTo(new CursorState(new PartitionId("zeta", 0), 0, null));
	}

	@Test
	void ofManyNodesOneGetsEachPartition() throws Exception {
		register("wide", 24);
		for (int round = 0; round < 5; round++) {
			List<Lease> leases = Threads
				.onEach((node) -> this.store.cursors().claim("node-" + node, partitions("wide", 24), LONG))
				.stream()
				.flatMap(List::stream)
				.toList();
			assertThat(leases).extracting(Lease::partition).containsExactlyInAnyOrderElementsOf(partitions("wide", 24));
			assertThat(leases).allMatch((lease) -> lease.node().equals(cursor(lease.partition()).owner()));
			assertThat(this.store.cursors().renew(leases, LONG)).hasSize(24);
			this.store.cursors().release(leases);
		}
	}

	private void checkpointed(Lease lease, long position) {
		assertThat(this.store.cursors().checkpoint(List.of(new Checkpoint(lease, position, List.of())))).isEmpty();
	}

}
