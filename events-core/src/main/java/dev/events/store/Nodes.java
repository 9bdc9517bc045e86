package dev.events.store;

import java.time.Duration;
import java.util.List;
import java.util.Set;

/**
 * The running nodes.
 */
public interface Nodes {

	/**
	 * Says that a node is alive, and forgets other nodes that have not said so for more
	 * than ten times the given time. One that comes back after it has left or was
	 * forgotten starts anew.
	 * @param node id of the node
	 * @param subscriptions ids of the durable subscriptions it serves
	 * @param timeToLive how long this holds, by the store's clock
	 * @return the nodes alive now, itself included, by id
	 */
	List<NodeRecord> heartbeat(String node, Set<String> subscriptions, Duration timeToLive);

	/** Says that a node has stopped. */
	void leave(String node);

	/** The nodes alive now, by id. */
	List<NodeRecord> list();

}
