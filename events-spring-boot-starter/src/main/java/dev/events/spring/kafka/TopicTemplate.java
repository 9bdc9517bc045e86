package dev.events.spring.kafka;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

import dev.events.Event;

/**
 * Name of a topic, with the placeholders {@code {type}} and {@code {source}}. What Kafka
 * does not allow in a name becomes {@code -}.
 *
 * @param text the template
 */
record TopicTemplate(String text) {

	private static final Pattern VALID = Pattern.compile("(?:[A-Za-z0-9._-]|\\{type}|\\{source}){1,200}");

	private static final Pattern PLACEHOLDER = Pattern.compile("\\{(type|source)}");

	private static final Pattern IMPOSSIBLE = Pattern.compile("[^A-Za-z0-9._-]");

	TopicTemplate {
		if (!VALID.matcher(text).matches()) {
			throw new IllegalArgumentException(
					"topic must be made of letters, digits and . _ - and the placeholders {type} and {source}");
		}
	}

	String topic(Event<?> event) {
		return PLACEHOLDER.matcher(this.text)
			.replaceAll((match) -> Matcher
				.quoteReplacement(possible(match.group(1).equals("type") ? event.type() : event.source())));
	}

	private static String possible(String value) {
		return IMPOSSIBLE.matcher(value).replaceAll("-");
	}

}
