package dev.events.torture.check;

/**
 * Something that the driver did, or saw.
 *
 * @param kind what
 * @param worker name of the JVM it was done to, or "*" for all
 * @param start when it began, by {@link System#nanoTime()}
 * @param end when it was over
 */
public record Fault(Kind kind, String worker, long start, long end) {

	public Fault {
		if (end - start < 0) {
			throw new IllegalArgumentException("Ends before it starts");
		}
	}

	boolean concerns(String name) {
		return this.worker.equals("*") || this.worker.equals(name);
	}

	/**
	 * Kinds of faults.
	 */
	public enum Kind {

		/** kill -9; the end is when it was dead. */
		KILL,

		/** SIGSTOP until SIGCONT, longer than a lease. */
		PAUSE,

		/** SIGSTOP until SIGCONT, shorter than a lease. */
		SHORT_PAUSE,

		/** SIGTERM, and a new start. */
		RESTART,

		/** The server stopped in order, until it takes connections again. */
		SERVER_STOPPED,

		/** The server crashed, until it takes connections again. */
		SERVER_KILLED,

		/** Several times a second random connections were cut. */
		CUT_CONNECTIONS,

		/** The server let its clients, or those who write, wait for its answers. */
		CLIENTS_PAUSED,

		/** The server stood still, and did later what it had been asked meanwhile. */
		SERVER_PAUSED,

		/** The server forgot its scripts, many times a second. */
		SCRIPTS_FLUSHED,

		/** Somebody had all connections of the pool. */
		POOL_EXHAUSTED,

		/** An unrelated transaction that had written was left open. */
		IDLE_TRANSACTION,

		/** A publisher that had appended did neither commit nor roll back. */
		OPEN_PUBLISHER,

		/** Not our doing: the machine or the server took long for something small. */
		STALL

	}

}
