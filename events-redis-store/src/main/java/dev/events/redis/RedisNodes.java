package dev.events.redis;

import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Set;

import dev.events.store.NodeRecord;
import dev.events.store.Nodes;

/**
 * Running nodes in one hash.
 */
final class RedisNodes implements Nodes {

	private final RedisCalls calls;

	RedisNodes(RedisCalls calls) {
		this.calls = calls;
	}

	@Override
	public List<NodeRecord> heartbeat(String node, Set<String> subscriptions, Duration timeToLive) {
		return read(new Arguments().add(node).add(String.join("\n", subscriptions)).add(timeToLive));
	}

	@Override
	public void leave(String node) {
		this.calls.run("say that a node has stopped", Script.LEAVE, new Arguments().add(node));
	}

	@Override
	public boolean lead(String task, String node, Duration duration) {
		return this.calls.number("choose a leader", Script.LEAD,
				new Arguments().add(task).add(node).add(duration)) == 1;
	}

	@Override
	public List<NodeRecord> list() {
		return read(new Arguments());
	}

	private List<NodeRecord> read(Arguments arguments) {
		return this.calls.run("read nodes", Script.HEARTBEAT, arguments)
			.lists()
			.stream()
			.map((node) -> new NodeRecord(node.string(0), node.instant(1), node.instant(2),
					node.string(3).isEmpty() ? Set.of() : Set.of(node.string(3).split("\n"))))
			.sorted(Comparator.comparing(NodeRecord::id))
			.toList();
	}

}
