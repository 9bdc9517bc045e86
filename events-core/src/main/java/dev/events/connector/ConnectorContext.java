package dev.events.connector;

import java.util.List;

import org.jspecify.annotations.Nullable;

/**
 * The subscription that a connection serves. Thread-safe.
 */
public interface ConnectorContext {

	/** Id of the subscription. */
	String subscription();

	/** Its event types and patterns. */
	List<String> patterns();

	/** Organization it is limited to, or {@code null}. */
	@Nullable String organization();

	/**
	 * Pauses the subscription on all nodes until somebody resumes it; events wait
	 * meanwhile. For a receiver that says, or has long shown, that it takes no more.
	 * @param reason shown to operators; no secrets
	 */
	void suspend(String reason);

}
