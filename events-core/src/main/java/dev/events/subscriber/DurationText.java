package dev.events.subscriber;

import java.time.Duration;
import java.time.format.DateTimeParseException;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import dev.events.InvalidSubscriptionException;

/**
 * Reads durations in annotations, as they are written in Spring Boot's properties.
 */
final class DurationText {

	private static final Pattern SIMPLE = Pattern.compile("(\\d{1,9})(ms|s|m|h|d)");

	private DurationText() {
	}

	/**
	 * Reads a duration.
	 * @param name of the attribute, for the message
	 * @param text for example {@code 500ms}, {@code 30s} or {@code PT30S}
	 * @throws InvalidSubscriptionException when it is none
	 */
	static Duration parse(String name, String text) {
		Matcher matcher = SIMPLE.matcher(text.trim().toLowerCase(Locale.ROOT));
		if (matcher.matches()) {
			long amount = Long.parseLong(matcher.group(1));
			return switch (matcher.group(2)) {
				case "ms" -> Duration.ofMillis(amount);
				case "s" -> Duration.ofSeconds(amount);
				case "m" -> Duration.ofMinutes(amount);
				case "h" -> Duration.ofHours(amount);
				default -> Duration.ofDays(amount);
			};
		}
		try {
			return Duration.parse(text.trim());
		}
		catch (DateTimeParseException ex) {
			throw new InvalidSubscriptionException(
					name + " is '" + text + "'; write a duration such as 500ms, 30s, 2m or PT30S", ex);
		}
	}

}
