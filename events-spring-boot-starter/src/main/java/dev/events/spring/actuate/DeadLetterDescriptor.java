package dev.events.spring.actuate;

import java.time.Instant;
import java.util.List;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.events.DeadLetter;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.ObjectReader;
import tools.jackson.databind.json.JsonMapper;

/**
 * A dead letter as the endpoint {@code eventdlq} shows it.
 *
 * @param id unique id
 * @param subscription id of the subscription
 * @param event the event
 * @param attempts how many attempts were made
 * @param firstFailedAt when the first attempt failed
 * @param lastFailedAt when the last attempt failed
 * @param errorType class name of the last error
 * @param errorMessage its message, or {@code null}; shown together with payloads only,
 * because it may quote them
 * @param errorStack its stack trace, trimmed, without messages unless payloads are shown;
 * {@code null} in lists
 * @param holding whether later events of the same key wait for it
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record DeadLetterDescriptor(UUID id, String subscription, EventDescriptor event, int attempts,
		Instant firstFailedAt, Instant lastFailedAt, String errorType, @Nullable String errorMessage,
		@Nullable String errorStack, boolean holding) {

	// an amount is shown as it is stored, not as a binary fraction
	private static final ObjectReader AMOUNTS = JsonMapper.shared()
		.readerFor(Object.class)
		.with(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS);

	private static final Pattern LINE = Pattern.compile(
			"\\s+at [^ ()]+\\([^()]*\\)$|\\s+\\.\\.\\. \\d+ more$|\\s*(Caused by|Suppressed): ([\\w$]+\\.)+[\\w$]+");

	static DeadLetterDescriptor summary(DeadLetter letter, boolean show) {
		return of(letter, EventDescriptor.of(letter.event(), false), show, null);
	}

	static DeadLetterDescriptor full(DeadLetter letter, boolean show) {
		EventDescriptor event = EventDescriptor.of(letter.event().withData(json(letter.event().data())), show);
		String stack = show ? letter.errorStack() : frames(letter.errorStack());
		return of(letter, event, show, stack);
	}

	/** A stack trace without messages: its frames, and the classes of causes. */
	private static String frames(String stack) {
		return stack.lines()
			.map(LINE::matcher)
			.filter(Matcher::lookingAt)
			.map(Matcher::group)
			.collect(Collectors.joining("\n"));
	}

	/** Data as it is stored, to be shown. */
	static Object json(String text) {
		try {
			return AMOUNTS.readValue(text);
		}
		catch (JacksonException ex) {
			// that it cannot be read may be why it is here
			return text;
		}
	}

	private static DeadLetterDescriptor of(DeadLetter letter, EventDescriptor event, boolean show,
			@Nullable String stack) {
		return new DeadLetterDescriptor(letter.id(), letter.subscription(), event, letter.attempts(),
				letter.firstFailedAt(), letter.lastFailedAt(), letter.errorType(), show ? letter.errorMessage() : null,
				stack, letter.holding());
	}

	/**
	 * A page of dead letters, oldest first.
	 *
	 * @param total how many match in all
	 * @param deadLetters those of this page
	 * @param next what to give as {@code after} for the next page; {@code null} after the
	 * last one
	 */
	@JsonInclude(JsonInclude.Include.NON_NULL)
	public record Page(long total, List<DeadLetterDescriptor> deadLetters, @Nullable String next) {

	}

}
