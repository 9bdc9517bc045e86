package dev.events.saga;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

import dev.events.Event;
import dev.events.SagaContext;
import org.jspecify.annotations.Nullable;

/**
 * What one step asks for.
 */
final class SagaTurn implements SagaContext {

	private static final Duration LONGEST = Duration.ofDays(3660);

	private final String key;

	private final String correlationId;

	private final @Nullable String causationId;

	private final @Nullable String organization;

	private final List<String> completedSteps;

	private final List<Event<?>> published = new ArrayList<>();

	// as long as nothing was said, what was said before holds
	private boolean timeoutChanged;

	private @Nullable Duration timeout;

	private boolean complete;

	private @Nullable String compensation;

	/**
	 * Begins a step.
	 * @param causationId id of the event that causes it, where that is not the one that
	 * the thread is handling
	 * @param organization to which belongs what the step publishes, or {@code null}
	 */
	SagaTurn(String key, String correlationId, @Nullable String causationId, @Nullable String organization,
			List<String> completedSteps) {
		this.key = key;
		this.correlationId = correlationId;
		this.causationId = causationId;
		this.organization = organization;
		this.completedSteps = completedSteps;
	}

	@Override
	public String key() {
		return this.key;
	}

	@Override
	public String correlationId() {
		return this.correlationId;
	}

	@Override
	public List<String> completedSteps() {
		return this.completedSteps;
	}

	@Override
	public void publish(Object event) {
		Event<?> published = (event instanceof Event<?> given) ? given : Event.of(event);
		if (published.correlationId() == null) {
			published = published.withCorrelationId(this.correlationId);
		}
		if (published.causationId() == null && this.causationId != null) {
			published = published.withCausationId(this.causationId);
		}
		if (published.organization() == null && this.organization != null) {
			published = published.withOrganization(this.organization);
		}
		this.published.add((published.key() == null) ? published.withKey(this.key) : published);
	}

	@Override
	public void timeoutIn(Duration timeout) {
		if (timeout.isNegative() || timeout.compareTo(LONGEST) > 0) {
			throw new IllegalArgumentException("The timeout is " + timeout + "; it must be from 0 to ten years");
		}
		this.timeoutChanged = true;
		this.timeout = timeout;
	}

	@Override
	public void noTimeout() {
		this.timeoutChanged = true;
		this.timeout = null;
	}

	@Override
	public void complete() {
		if (this.compensation != null) {
			throw new IllegalStateException("The saga is compensated; it cannot be completed, too");
		}
		this.complete = true;
	}

	@Override
	public void compensate(String reason) {
		if (this.complete) {
			throw new IllegalStateException("The saga is completed; it cannot be compensated, too");
		}
		if (this.compensation == null) {
			this.compensation = reason;
		}
	}

	List<Event<?>> published() {
		return this.published;
	}

	boolean isTimeoutChanged() {
		return this.timeoutChanged;
	}

	@Nullable Duration timeout() {
		return this.timeout;
	}

	boolean isComplete() {
		return this.complete;
	}

	/** Why to compensate, or {@code null} not to. */
	@Nullable String compensation() {
		return this.compensation;
	}

}
