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

	/** Says that a node has stopped, and no longer leads anything. */
	void leave(String node);

	/**
	 * Makes a node the leader of a task, unless another one is, or lets it stay so. The
	 * lead ends when the time is over by the store's clock, or when the node leaves. A
	 * leader that sleeps does not notice that it is none any more, so what leaders do
	 * must be harmless when two of them do it.
	 * @param task name of the task
	 * @param node id of the node; it need not be alive
	 * @param duration how long it leads
	 * @return whether the node is the leader now
	 */
	boolean lead(String task, String node, Duration duration);

	/** The nodes alive now, by id. */
	List<NodeRecord> list();

}
