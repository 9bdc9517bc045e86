package dev.events.retention;

import java.time.Duration;
import java.time.Instant;

import dev.events.retention.RetentionSettings.Applied;
import dev.events.store.EventLog;
import dev.events.store.ExpiredPage;
import dev.events.store.Expiry;
import org.jspecify.annotations.Nullable;

/**
 * One rule's way through the log, again and again, bit by bit. For one thread.
 * <p>
 * Invariant: below {@link #mark} there is no event that the rule could ever let go, so
 * each way begins there. It ends where a whole page has nothing to delete, but events
 * that are kept: behind them events are newer, and those that are not wait until the mark
 * comes by.
 */
final class RuleSweep {

	private final Applied rule;

	private long mark;

	// where the present way is; nothing was looked at behind it
	private long reached;

	// of the present way
	private long firstKept;

	private boolean ended;

	// everything up to here goes by count
	private long countedUpTo;

	private @Nullable Long countedAtHead;

	RuleSweep(Applied rule) {
		this.rule = rule;
	}

	/** Begins a way. */
	void begin(EventLog log, long head) {
		this.reached = this.mark;
		this.firstKept = 0;
		this.ended = false;
		Long maxCount = this.rule.rule().maxCount();
		// to count takes time in proportion to the number, so not before a tenth is new
		if (maxCount != null
				&& (this.countedAtHead == null || head - this.countedAtHead >= Math.max(1, maxCount / 10))) {
			this.countedUpTo = log.newest(this.rule.events(), maxCount);
			this.countedAtHead = head;
		}
	}

	Expiry expiry(Instant now) {
		return new Expiry(this.rule.events(), before(now, this.rule.rule().maxAge()), this.countedUpTo);
	}

	private static @Nullable Instant before(Instant now, @Nullable Duration maxAge) {
		return (maxAge != null) ? now.minus(maxAge) : null;
	}

	/**
	 * Deletes from the next page.
	 * @param ceiling no further than this
	 * @return how many were deleted
	 */
	int step(EventLog log, Expiry expiry, long ceiling, int batchSize) {
		if (isAt(ceiling)) {
			return 0;
		}
		ExpiredPage page = log.expired(expiry, this.reached, ceiling, batchSize);
		int deleted = page.positions().isEmpty() ? 0 : log.delete(page.positions());
		if (this.firstKept == 0) {
			this.firstKept = page.firstKept();
		}
		this.reached = page.reached();
		this.mark = (this.firstKept > 0) ? this.firstKept - 1 : this.reached;
		this.ended = page.positions().isEmpty() && page.firstKept() > 0;
		return deleted;
	}

	/** Whether the way is over. */
	boolean isOver(long ceiling) {
		return this.ended || isAt(ceiling);
	}

	private boolean isAt(long ceiling) {
		return this.reached >= ceiling;
	}

}
