package dev.events.benchmarks.server;

/**
 * What events are kept in.
 */
public enum Store {

	/** PostgreSQL, embedded binaries. */
	POSTGRES,

	/** Redis or Valkey, the binary that the tests take. */
	REDIS;

	/** Starts a server that nothing else uses. */
	public BenchmarkServer start() {
		return (this == POSTGRES) ? PostgresServer.start() : RedisBenchmarkServer.start();
	}

}
