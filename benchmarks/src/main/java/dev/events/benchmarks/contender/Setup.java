package dev.events.benchmarks.contender;

import dev.events.benchmarks.server.BenchmarkDatabase;

/**
 * What a node is started for.
 *
 * @param database where its tables are, or are to be
 * @param role what it does
 * @param subscribers how many subscribers each event has
 * @param sink what each subscriber calls
 */
public record Setup(BenchmarkDatabase database, Role role, int subscribers, Sink sink) {

	public Setup withRole(Role role) {
		return new Setup(this.database, role, this.subscribers, this.sink);
	}

	/** Whether it publishes only. */
	public boolean publishesOnly() {
		return this.role == Role.PUBLISHER;
	}

	/**
	 * What a node does.
	 */
	public enum Role {

		/** Publishes, and leaves delivery to others. */
		PUBLISHER,

		/** Delivers what others publish. */
		SUBSCRIBER,

		/** Both, as most applications do. */
		BOTH

	}

}
