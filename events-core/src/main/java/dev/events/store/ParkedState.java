package dev.events.store;

import java.util.Map;
import java.util.Set;

/**
 * What the owner of a partition has to know of its stored deliveries. A delivery is
 * <em>live</em> while it is parked, queued, released, or dead and holding.
 *
 * @param blockedKeys keys with a live delivery, each with the lowest position of one:
 * later events of the key must be queued, and events of the key below that position that
 * come again from the log are done already and must be passed over
 * @param readyKeys those of the blocked keys whose lowest live delivery is queued: a node
 * died while it worked these off, and the next owner goes on with it
 * @param positionsAhead positions beyond the cursor for which there is a delivery already
 * @param waiting how many deliveries are parked, queued or released
 */
public record ParkedState(Map<String, Long> blockedKeys, Set<String> readyKeys, Set<Long> positionsAhead,
		long waiting) {

}
