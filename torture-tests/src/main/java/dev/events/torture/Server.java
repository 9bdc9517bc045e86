package dev.events.torture;

import java.util.List;
import java.util.Map;

import dev.events.torture.check.Fault.Kind;

/**
 * The server that keeps the events, and what can be done to it. Thread-safe.
 */
interface Server extends AutoCloseable {

	/** Also the profile of the workers and the name of the directory. */
	String name();

	/** Whether publishers and subscribers can take part in its transactions. */
	boolean isTransactional();

	/** What can go wrong because of it, so that all of it happens in a run. */
	List<Kind> faults();

	/** Properties with which an application connects. */
	Map<String, String> properties();

	/** Returns when it takes connections. */
	void start();

	/** Stops it in order; returns when it is down. */
	void stop();

	/** As a crash does; returns when it is down. */
	void kill();

	/**
	 * Cuts connections of workers, most often a single one.
	 * @param chance from 0 to 1, decides how many
	 */
	void cutConnections(double chance);

	/**
	 * Gets in everybody's way for some time, as far as it lets itself be got at.
	 * @param kind one of its {@linkplain #faults() faults}
	 */
	void hinder(Kind kind, long millis) throws InterruptedException;

	/**
	 * Does something small that is durable on return.
	 * @return whether that took no longer than the server, when left alone, made it last
	 */
	boolean probe();

	/** What is left to deliver, for people; empty when everything is delivered. */
	String undone();

	/** What is there at the end. */
	Contents contents();

	@Override
	void close();

}
