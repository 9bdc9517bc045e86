package dev.events.test.store;

import java.time.Duration;
import java.util.List;
import java.util.Set;

import dev.events.store.NodeRecord;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Heartbeats of nodes.
 */
abstract class NodesContract extends StoreContract {

	@Test
	void heartbeatTellsWhoIsAlive() {
		assertThat(ids(beat("node-2", LONG))).containsExactly("node-2");
		assertThat(ids(beat("node-1", LONG))).containsExactly("node-1", "node-2");
		assertThat(ids(beat("node-3", LONG))).containsExactly("node-1", "node-2", "node-3");
		assertThat(ids(this.store.nodes().list())).containsExactly("node-1", "node-2", "node-3");
	}

	@Test
	void oneNodeLeadsATask() {
		assertThat(this.store.nodes().lead("t", "node-1", LONG)).isTrue();
		assertThat(this.store.nodes().lead("t", "node-2", LONG)).isFalse();
		assertThat(this.store.nodes().lead("t", "node-1", SHORT)).isTrue();
		assertThat(this.store.nodes().lead("other", "node-2", LONG)).isTrue();
		letShortTimePass();
		assertThat(this.store.nodes().lead("t", "node-2", LONG)).isTrue();
		assertThat(this.store.nodes().lead("t", "node-1", LONG)).isFalse();
	}

	@Test
	void nodeThatLeavesLeadsNothing() {
		assertThat(this.store.nodes().lead("t", "node-1", LONG)).isTrue();
		assertThat(this.store.nodes().lead("other", "node-2", LONG)).isTrue();
		this.store.nodes().leave("node-1");
		assertThat(this.store.nodes().lead("t", "node-3", LONG)).isTrue();
		assertThat(this.store.nodes().lead("other", "node-3", LONG)).isFalse();
	}

	@Test
	void subscriptionsAreThoseOfTheLastHeartbeat() {
		this.store.nodes().heartbeat("node-1", Set.of("audit", "a,b 🎉"), LONG);
		assertThat(only().subscriptions()).isEqualTo(Set.of("audit", "a,b 🎉"));
		this.store.nodes().heartbeat("node-1", Set.of("billing"), LONG);
		assertThat(only().subscriptions()).isEqualTo(Set.of("billing"));
		this.store.nodes().heartbeat("node-1", Set.of(), LONG);
		assertThat(only().subscriptions()).isEmpty();
	}

	@Test
	void timesAreThoseOfTheFirstAndLastHeartbeat() {
		beat("node-1", LONG);
		NodeRecord first = only();
		assertThat(first.seenAt()).isEqualTo(first.startedAt());
		letShortTimePass();
		beat("node-1", LONG);
		assertThat(only().startedAt()).isEqualTo(first.startedAt());
		assertThat(only().seenAt()).isAfter(only().startedAt());
	}

	@Test
	void silentNodeIsNotAlive() {
		beat("node-1", SHORT);
		beat("node-2", LONG);
		letShortTimePass();
		assertThat(ids(this.store.nodes().list())).containsExactly("node-2");
		assertThat(ids(beat("node-3", LONG))).containsExactly("node-2", "node-3");
	}

	@Test
	void silentNodeComesBack() {
		beat("node-1", SHORT);
		letShortTimePass();
		assertThat(this.store.nodes().list()).isEmpty();
		beat("node-2", LONG);
		assertThat(ids(beat("node-1", LONG))).containsExactly("node-1", "node-2");
		NodeRecord back = this.store.nodes().list().get(0);
		assertThat(back.startedAt()).isBefore(back.seenAt());
	}

	@Test
	void forgottenNodeStartsAnew() {
		beat("node-1", SHORT);
		advance(Duration.ofMillis(1_200));
		beat("node-2", Duration.ofMillis(100));
		beat("node-1", LONG);
		NodeRecord back = this.store.nodes().list().get(0);
		assertThat(back.id()).isEqualTo("node-1");
		assertThat(back.startedAt()).isEqualTo(back.seenAt());
	}

	@Test
	void nodeThatLeavesIsGone() {
		beat("node-1", LONG);
		beat("node-2", LONG);
		this.store.nodes().leave("node-1");
		this.store.nodes().leave("unknown");
		assertThat(ids(this.store.nodes().list())).containsExactly("node-2");
		letShortTimePass();
		beat("node-1", LONG);
		NodeRecord back = this.store.nodes().list().get(0);
		assertThat(back.startedAt()).isEqualTo(back.seenAt());
	}

	@Test
	void manyNodesAtOnce() throws Exception {
		Threads.onEach((node) -> beat("node-" + node, LONG));
		assertThat(ids(this.store.nodes().list())).hasSize(Threads.COUNT).doesNotHaveDuplicates().isSorted();
	}

	private List<NodeRecord> beat(String node, Duration timeToLive) {
		return this.store.nodes().heartbeat(node, Set.of("audit"), timeToLive);
	}

	private NodeRecord only() {
		List<NodeRecord> nodes = this.store.nodes().list();
		assertThat(nodes).hasSize(1);
		return nodes.get(0);
	}

	private static List<String> ids(List<NodeRecord> nodes) {
		return nodes.stream().map(NodeRecord::id).toList();
	}

}
