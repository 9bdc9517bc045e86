package dev.events.store;

import java.util.List;

/**
 * A piece of the log.
 *
 * @param events the events, in order
 * @param settled everything up to here is in this or an earlier segment; at least the
 * position of the last event, and the position that was asked for when there is none
 * @param more whether there are events beyond: cut off by the limit, or held back by a
 * position that is not settled yet
 */
public record LogSegment(List<StoredEvent> events, long settled, boolean more) {

}
