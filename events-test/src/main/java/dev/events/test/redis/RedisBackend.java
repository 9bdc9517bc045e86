package dev.events.test.redis;

/**
 * One way to run a server.
 */
interface RedisBackend {

	/** Starts it, also again after it has ended, on the same port with the same data. */
	void start();

	/** Sends a signal to its process. */
	void signal(String name);

	/** Waits until its process has ended. */
	void awaitEnd();

	/** Ends it for good and deletes its data. */
	void delete();

	String host();

	int port();

}
