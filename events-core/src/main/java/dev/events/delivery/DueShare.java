package dev.events.delivery;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

import dev.events.store.CursorState;
import dev.events.store.EventStore;
import dev.events.store.PartitionId;
import dev.events.store.ProcessRecord;
import org.jspecify.annotations.Nullable;

/**
 * Which of the processes that are due a node takes: those whose key belongs to a
 * partition that it serves. So nodes do not make the same steps, of which one would
 * count; and where events have the key of their process, these meet on one node, too.
 * <p>
 * Whoever has nothing to do for himself helps, at random: with what its own node has left
 * for long, or when there is so much that others cannot be seen behind it. Two may be at
 * the same then; the commit lets one do it.
 */
final class DueShare {

	// longer than it takes until the partitions of a node that died are somebody else's
	private static final Duration LONG = Duration.ofSeconds(30);

	private final EventStore store;

	private final String node;

	DueShare(EventStore store, String node) {
		this.store = store;
		this.node = node;
	}

	/**
	 * The share of some processes.
	 * @param subscription id of the subscription by which their events come
	 * @param due what is due, the longest due first
	 * @param more whether there may be more behind them
	 */
	List<ProcessRecord> of(String subscription, List<ProcessRecord> due, boolean more) {
		Map<Integer, @Nullable String> owners = owners(subscription);
		List<ProcessRecord> own = due.stream().filter((process) -> isOwn(process, owners)).toList();
		if (!own.isEmpty()) {
			return own;
		}
		Instant left = this.store.now().minus(LONG);
		List<ProcessRecord> others = due.stream()
			.filter((process) -> more || isBefore(process.state().dueAt(), left))
			.collect(Collectors.toCollection(ArrayList::new));
		Collections.shuffle(others);
		return others;
	}

	private Map<Integer, @Nullable String> owners(String subscription) {
		Map<Integer, @Nullable String> owners = new HashMap<>();
		for (CursorState cursor : this.store.cursors().list()) {
			if (cursor.partition().subscription().equals(subscription)) {
				owners.put(cursor.partition().partition(), cursor.owner());
			}
		}
		return owners;
	}

	/** What belongs to nobody, because the subscription is paused, is everybody's. */
	private boolean isOwn(ProcessRecord process, Map<Integer, @Nullable String> owners) {
		String owner = owners.isEmpty() ? null
				: owners.get(PartitionId.of(PartitionId.hash(process.key()), owners.size()));
		return owner == null || owner.equals(this.node);
	}

	private static boolean isBefore(@Nullable Instant dueAt, Instant time) {
		return dueAt != null && dueAt.isBefore(time);
	}

}
