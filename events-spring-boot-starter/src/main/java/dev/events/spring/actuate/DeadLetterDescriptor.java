package dev.events.spring.actuate;

import java.time.Instant;
import java.util.List;
import java.util.UUID;

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
 * @param errorMessage its message, or {@code null}
 * @param errorStack its stack trace, trimmed; {@code null} in lists
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

	static DeadLetterDescriptor summary(DeadLetter letter) {
		return of(letter, EventDescriptor.of(letter.event(), ShowPayloads.NEVER), null);
	}

	static DeadLetterDescriptor full(DeadLetter letter, ShowPayloads showPayloads) {
		EventDescriptor event = EventDescriptor.of(letter.event().withData(json(letter.event().data())), showPayloads);
		return of(letter, event, letter.errorStack());
	}

	private static Object json(String text) {
		try {
			return AMOUNTS.readValue(text);
		}
		catch (JacksonException ex) {
			// that it cannot be read may be why it is here
			return text;
		}
	}

	private static DeadLetterDescriptor of(DeadLetter letter, EventDescriptor event, @Nullable String stack) {
		return new DeadLetterDescriptor(letter.id(), letter.subscription(), event, letter.attempts(),
				letter.firstFailedAt(), letter.lastFailedAt(), letter.errorType(), letter.errorMessage(), stack,
				letter.holding());
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
