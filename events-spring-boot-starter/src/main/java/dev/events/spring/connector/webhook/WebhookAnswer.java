package dev.events.spring.connector.webhook;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;

import org.apache.hc.client5.http.utils.DateUtils;
import org.jspecify.annotations.Nullable;

/**
 * What a receiver answered.
 *
 * @param status HTTP status
 * @param retryAfter header {@code Retry-After}, or {@code null}
 * @param excerpt beginning of the body, in one line
 */
record WebhookAnswer(int status, @Nullable String retryAfter, String excerpt) {

	static final int GONE = 410;

	boolean isSuccess() {
		return this.status >= 200 && this.status < 300;
	}

	/**
	 * How long it asks to wait, in seconds or until a date.
	 * @return {@code null} when it does not ask, or nobody can tell
	 */
	@Nullable Duration delay(Clock clock) {
		String text = this.retryAfter;
		if (text == null) {
			return null;
		}
		if (text.matches("\\d{1,9}")) {
			return Duration.ofSeconds(Long.parseLong(text));
		}
		Instant date = DateUtils.parseStandardDate(text);
		return (date != null) ? Duration.between(clock.instant(), date) : null;
	}

	WebhookAnswer withExcerpt(String excerpt) {
		return new WebhookAnswer(this.status, this.retryAfter, excerpt);
	}

}
