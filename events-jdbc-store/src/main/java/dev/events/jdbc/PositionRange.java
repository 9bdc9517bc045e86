package dev.events.jdbc;

import dev.events.store.EventCriteria;
import org.jspecify.annotations.Nullable;

/**
 * A piece of the log.
 *
 * @param after positions greater than this
 * @param upTo and up to this
 */
record PositionRange(long after, long upTo) {

	static final PositionRange ALL = new PositionRange(0, Long.MAX_VALUE);

	/** Whether a query that goes on beyond a position still has to look at it. */
	boolean isAhead(EventCriteria criteria) {
		@Nullable Long beyond = criteria.beyond();
		return beyond == null || (criteria.newestFirst() ? this.after < beyond - 1 : this.upTo > beyond);
	}

}
