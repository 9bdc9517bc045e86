package dev.events.spring.autoconfigure;

import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;

/**
 * Explains an {@link EventsSetupException}.
 */
final class EventsSetupFailureAnalyzer extends AbstractFailureAnalyzer<EventsSetupException> {

	@Override
	protected FailureAnalysis analyze(Throwable rootFailure, EventsSetupException cause) {
		return new FailureAnalysis(cause.getMessage(), cause.action(), cause);
	}

}
