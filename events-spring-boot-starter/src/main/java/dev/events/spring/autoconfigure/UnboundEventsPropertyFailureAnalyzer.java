package dev.events.spring.autoconfigure;

import java.util.List;

import org.jspecify.annotations.Nullable;

import org.springframework.boot.context.properties.bind.UnboundConfigurationPropertiesException;
import org.springframework.boot.context.properties.source.ConfigurationProperty;
import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;

/**
 * Explains the unknown properties that nobody would guess: ids and types with dots that
 * are not written in brackets. The rest is left to Spring Boot.
 */
@Order(Ordered.HIGHEST_PRECEDENCE)
final class UnboundEventsPropertyFailureAnalyzer
		extends AbstractFailureAnalyzer<UnboundConfigurationPropertiesException> {

	private static final String SUBSCRIBERS = "events.subscribers.";

	private static final String ENCRYPTED_TYPES = "events.encryption.types.";

	@Override
	protected @Nullable FailureAnalysis analyze(Throwable rootFailure, UnboundConfigurationPropertiesException cause) {
		List<String> types = unbound(cause, ENCRYPTED_TYPES);
		if (!types.isEmpty()) {
			return new FailureAnalysis("There is no property " + String.join(", ", types) + ".",
					"Write event types and patterns in brackets, for example "
							+ "events.encryption.types[user.*].fields=/email, or in YAML \"[user.*]\" as the key. An "
							+ "encrypted type has the properties enabled, fields and subject.",
					cause);
		}
		List<String> names = unbound(cause, SUBSCRIBERS);
		if (names.isEmpty()) {
			return null;
		}
		return new FailureAnalysis("There is no property " + String.join(", ", names) + ".",
				"If the id of the subscriber has dots, write it in brackets, for example "
						+ "events.subscribers[userMails.sendWelcomeMail].partitions=1, or in YAML "
						+ "\"[userMails.sendWelcomeMail]\" as the key. A subscriber has the properties enabled, "
						+ "partitions, retry.max-attempts, retry.initial-delay, retry.multiplier, retry.max-delay "
						+ "and retry.jitter.",
				cause);
	}

	private static List<String> unbound(UnboundConfigurationPropertiesException cause, String prefix) {
		return cause.getUnboundProperties()
			.stream()
			.map(ConfigurationProperty::getName)
			.map(Object::toString)
			.filter((name) -> name.startsWith(prefix))
			.toList();
	}

}
