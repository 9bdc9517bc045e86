package dev.events.retention;

import java.time.Duration;

import dev.events.EventPattern;
import org.jspecify.annotations.Nullable;

/**
 * How long events of some types are kept; without a limit, for ever.
 *
 * @param type which types
 * @param maxAge events whose timestamp is older go, or {@code null}
 * @param maxCount so many of the newest events of these types together are kept, older
 * ones go, or {@code null}
 */
public record RetentionRule(EventPattern type, @Nullable Duration maxAge, @Nullable Long maxCount) {

	public RetentionRule {
		if (maxAge != null && (maxAge.isNegative() || maxAge.isZero())) {
			throw new IllegalArgumentException(
					"max-age of '" + type + "' is " + maxAge + "; it must be positive, for example 30d");
		}
		if (maxCount != null && maxCount < 1) {
			throw new IllegalArgumentException(
					"max-count of '" + type + "' is " + maxCount + "; it must be at least 1");
		}
	}

	/** Whether it lets anything go. */
	public boolean isLimited() {
		return this.maxAge != null || this.maxCount != null;
	}

}
