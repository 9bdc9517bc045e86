package dev.events.redis;

import java.time.Duration;
import java.util.UUID;

import dev.events.delivery.Loop;

/**
 * Brings the index of the log forward in the background, off the path of publishers: one
 * node at a time, in small steps, and no more than a tenth of the time. What it has not
 * come to yet, queries walk. Thread-safe.
 */
final class Indexer implements AutoCloseable {

	private static final Duration INTERVAL = Duration.ofSeconds(1);

	// another node takes over when this one is silent for so long
	private static final Duration LEAD = Duration.ofSeconds(3);

	private static final Duration PATIENCE = Duration.ofSeconds(2);

	// a step holds up the server for a few milliseconds
	private static final int STEP = 500;

	private static final int REST = 9;

	private final RedisCalls calls;

	private final String node = UUID.randomUUID().toString();

	private final Loop loop = new Loop("events-index", this::step);

	Indexer(RedisCalls calls) {
		this.calls = calls;
	}

	void start() {
		this.loop.start();
	}

	private Duration step() {
		long begin = System.nanoTime();
		if (!index(STEP)) {
			return INTERVAL;
		}
		long rest = (System.nanoTime() - begin) * REST;
		return Duration.ofNanos(Math.min(rest, INTERVAL.toNanos()));
	}

	/**
	 * One step.
	 * @param events most events
	 * @return whether this node is the one that indexes, and there is more to do
	 */
	boolean index(int events) {
		Answer answer = this.calls.run("index events", Script.INDEX,
				new Arguments().add(this.node).add(LEAD).add(events));
		return answer.isTrue(1);
	}

	@Override
	public void close() {
		this.loop.stop(PATIENCE);
	}

}
