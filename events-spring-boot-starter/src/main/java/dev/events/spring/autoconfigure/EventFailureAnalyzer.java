package dev.events.spring.autoconfigure;

import java.util.Arrays;
import java.util.regex.Pattern;

import dev.events.EventException;
import dev.events.EventStoreException;
import dev.events.InvalidEventException;
import dev.events.InvalidSchemaException;
import dev.events.InvalidSubscriptionException;
import dev.events.InvalidUpcasterException;
import org.jspecify.annotations.Nullable;

import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;

/**
 * Explains subscribers, events, schemas and upcasters that are not valid, and stores that
 * do not work; the messages of these exceptions say what to do.
 */
final class EventFailureAnalyzer extends AbstractFailureAnalyzer<EventException> {

	private static final Pattern LIBRARIES = Pattern.compile("^(dev\\.events|java|jdk|org\\.springframework)\\.");

	@Override
	protected @Nullable FailureAnalysis analyze(Throwable rootFailure, EventException cause) {
		if (cause instanceof InvalidSubscriptionException) {
			return new FailureAnalysis(cause.getMessage(), "Correct the subscriber as described above.", cause);
		}
		if (cause instanceof InvalidUpcasterException) {
			return new FailureAnalysis(cause.getMessage() + ".",
					"Correct or remove one of the EventUpcaster beans; of each type they must form one chain from old "
							+ "versions to newer ones.",
					cause);
		}
		if (cause instanceof InvalidSchemaException) {
			return new FailureAnalysis(cause.getMessage(),
					"Correct the EventSchema bean, or what else is registered, as described above.", cause);
		}
		if (cause instanceof InvalidEventException) {
			return new FailureAnalysis(cause.getMessage() + place(cause), "Correct the event as described above.",
					cause);
		}
		if (cause instanceof EventStoreException) {
			return new FailureAnalysis(cause.getMessage() + reason(cause),
					"Make sure that the database can be reached and is set up as described above.", cause);
		}
		return null;
	}

	private static String reason(Throwable thrown) {
		return (thrown.getCause() != null) ? "\n\nThe database says: " + thrown.getCause().getMessage() : "";
	}

	private static String place(Throwable thrown) {
		return Arrays.stream(thrown.getStackTrace())
			.filter((frame) -> !LIBRARIES.matcher(frame.getClassName()).find())
			.findFirst()
			.map((frame) -> "\n\nPublished at " + frame)
			.orElse("");
	}

}
