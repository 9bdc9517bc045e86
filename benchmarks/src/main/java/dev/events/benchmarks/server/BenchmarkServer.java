package dev.events.benchmarks.server;

/**
 * A server that is as durable as in production.
 */
public interface BenchmarkServer extends AutoCloseable {

	/** An empty database. */
	BenchmarkDatabase createDatabase();

	/**
	 * Drops a database and writes what is dirty, so that the next begins like the first.
	 */
	void drop(BenchmarkDatabase database);

	/** Product, version and the settings that matter for what is measured. */
	String describe();

	@Override
	void close();

}
