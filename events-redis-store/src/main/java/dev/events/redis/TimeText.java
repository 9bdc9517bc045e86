package dev.events.redis;

import java.time.Instant;

/**
 * Times as text in the order of time, for sorted sets that are compared byte by byte:
 * scores are doubles, and cannot hold the microseconds of every year.
 */
final class TimeText {

	static final int LENGTH = 19;

	// as text, earlier than those after 1970
	private static final long BEFORE_1970 = 1_000_000_000_000_000_000L;

	private TimeText() {
	}

	/** 1 and microseconds since 1970, or 0 and those to come. */
	static String of(Instant time) {
		long micros = PackedEvents.micros(time);
		return (micros >= 0) ? "1" + digits(LENGTH - 1, micros) : "0" + digits(LENGTH - 1, BEFORE_1970 + micros);
	}

	static Instant instant(String text) {
		long micros = Long.parseLong(text.substring(1));
		return Answer.instant((text.charAt(0) == '1') ? micros : micros - BEFORE_1970);
	}

	/** With zeros in front. */
	static String digits(int length, long number) {
		String digits = Long.toString(number);
		return "0".repeat(length - digits.length()) + digits;
	}

}
