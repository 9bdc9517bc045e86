package dev.events.store;

import java.util.function.Consumer;

/**
 * How {@link RemoteWakeups} reach nodes in other processes. Must be thread-safe.
 */
public interface SignalChannel {

	/**
	 * Sends a message to all who listen; it may come back to its sender. Called by one
	 * thread at a time, never by one of a publisher.
	 * @param message up to 20 ASCII characters
	 * @throws RuntimeException when it could not be sent
	 */
	void send(String message);

	/**
	 * Begins to listen, and goes on, through any failure, until it is ended. Says so when
	 * it begins, and whenever messages may have been missed. Where listening is not
	 * possible, it does nothing.
	 * @param onMessage called with each message
	 * @param onMissed called when some may have been missed
	 * @return ends it; waits for a second at most
	 */
	Runnable listen(Consumer<String> onMessage, Runnable onMissed);

}
