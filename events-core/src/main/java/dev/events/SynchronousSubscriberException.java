package dev.events;

import java.util.List;
import java.util.stream.Collectors;

/**
 * One or more synchronous subscribers failed. All of them were called; nothing was
 * stored. The first failure is the cause, the others are suppressed exceptions.
 */
public class SynchronousSubscriberException extends EventException {

	private static final long serialVersionUID = 1L;

	private final transient List<Failure> failures;

	public SynchronousSubscriberException(Event<?> event, List<Failure> failures) {
		super(event + " was not published: " + failures.size() + " synchronous subscriber(s) failed: "
				+ failures.stream()
					.map((failure) -> failure.subscription() + " (" + failure.error().getClass().getSimpleName() + ")")
					.collect(Collectors.joining(", ")),
				failures.get(0).error());
		this.failures = List.copyOf(failures);
		failures.stream().skip(1).forEach((failure) -> addSuppressed(failure.error()));
	}

	/** Every failure, in the order of the calls. */
	public List<Failure> failures() {
		return this.failures;
	}

	/**
	 * What one subscriber threw.
	 *
	 * @param subscription id of the subscription
	 * @param error what it threw
	 */
	public record Failure(String subscription, Throwable error) {

	}

}
