package dev.events.benchmarks.contender;

import java.util.Set;

/**
 * A system that takes part.
 */
public interface Entrant {

	/** Its name, on the command line and in tables. */
	String name();

	/** What it can do at all. */
	Set<Ability> abilities();

	/**
	 * Starts a node; what is in the database from earlier nodes is delivered by it.
	 * Returns when it is ready to publish and has begun to deliver.
	 */
	Contender start(Setup setup);

	/**
	 * What not every system can do.
	 */
	enum Ability {

		/** Delivers, and does not only publish. */
		DELIVERY,

		/** Publishes while it delivers; what a raw limit must not do. */
		BOTH_AT_ONCE,

		/** Several subscribers for one event. */
		SUBSCRIBERS,

		/** Publishing without waiting. */
		BUFFER,

		/** A node delivers what another node has published. */
		OTHER_NODE,

		/** Delivers what was delivered again. */
		REPLAY,

		/** Posts events to a URL. */
		WEBHOOKS

	}

}
