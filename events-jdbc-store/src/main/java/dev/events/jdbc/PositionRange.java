package dev.events.jdbc;

import java.util.ArrayList;
import java.util.List;

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

	private static final int GROWTH = 8;

	// the largest of them has two thousand million positions
	private static final int MOST_WINDOWS = 8;

	/** Whether a query that goes on beyond a position still has to look at it. */
	boolean isAhead(EventCriteria criteria) {
		@Nullable Long beyond = criteria.beyond();
		return beyond == null || (criteria.newestFirst() ? this.after < beyond - 1 : this.upTo > beyond);
	}

	/**
	 * What is left of it for a query that goes on beyond a position, in pieces, in the
	 * order of the query. The first is small and each is larger than all in front of it.
	 * So whatever plan the database makes, no piece has much more to look at than was
	 * looked at before; one that gathers and sorts all that is left would do that for
	 * every page.
	 * @param first positions of the first piece
	 */
	List<PositionRange> windows(EventCriteria criteria, long first) {
		@Nullable Long beyond = criteria.beyond();
		if (beyond == null) {
			return List.of(this);
		}
		boolean down = criteria.newestFirst();
		long from = down ? this.after : Math.max(this.after, beyond);
		long to = down ? Math.min(this.upTo, beyond - 1) : this.upTo;
		long size = first;
		List<PositionRange> windows = new ArrayList<>();
		while (windows.size() < MOST_WINDOWS && size < to - from) {
			if (down) {
				windows.add(new PositionRange(to - size, to));
				to -= size;
			}
			else {
				windows.add(new PositionRange(from, from + size));
				from += size;
			}
			size *= GROWTH;
		}
		windows.add(new PositionRange(from, to));
		return windows;
	}

}
