package dev.events.memory;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Set;
import java.util.TreeMap;

import dev.events.store.NodeRecord;
import dev.events.store.Nodes;

/**
 * The nodes; more than one only where a test plays several.
 */
final class MemoryNodes implements Nodes {

	private final StateLock lock;

	private final Clock clock;

	private final NavigableMap<String, Heartbeat> heartbeats = new TreeMap<>();

	private final Map<String, Leader> leaders = new HashMap<>();

	MemoryNodes(StateLock lock, Clock clock) {
		this.lock = lock;
		this.clock = clock;
	}

	@Override
	public List<NodeRecord> heartbeat(String node, Set<String> subscriptions, Duration timeToLive) {
		return this.lock.get(() -> {
			Instant now = this.clock.instant();
			Heartbeat last = this.heartbeats.get(node);
			Instant startedAt = (last != null) ? last.node.startedAt() : now;
			this.heartbeats.put(node, new Heartbeat(new NodeRecord(node, startedAt, now, Set.copyOf(subscriptions)),
					now.plus(timeToLive)));
			Instant forgottenBefore = now.minus(timeToLive.multipliedBy(10));
			this.heartbeats.values().removeIf((other) -> other.node.seenAt().isBefore(forgottenBefore));
			return aliveAt(now);
		});
	}

	@Override
	public void leave(String node) {
		this.lock.run(() -> {
			this.heartbeats.remove(node);
			this.leaders.values().removeIf((leader) -> leader.node.equals(node));
		});
	}

	@Override
	public boolean lead(String task, String node, Duration duration) {
		return this.lock.get(() -> {
			Instant now = this.clock.instant();
			Leader leader = this.leaders.get(task);
			if (leader != null && !leader.node.equals(node) && now.isBefore(leader.until)) {
				return false;
			}
			this.leaders.put(task, new Leader(node, now.plus(duration)));
			return true;
		});
	}

	@Override
	public List<NodeRecord> list() {
		return this.lock.get(() -> aliveAt(this.clock.instant()));
	}

	private List<NodeRecord> aliveAt(Instant now) {
		return this.heartbeats.values()
			.stream()
			.filter((heartbeat) -> now.isBefore(heartbeat.aliveUntil))
			.map(Heartbeat::node)
			.toList();
	}

	private record Leader(String node, Instant until) {

	}

	private record Heartbeat(NodeRecord node, Instant aliveUntil) {

	}

}
