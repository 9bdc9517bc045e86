package dev.events.saga;

import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Lets what this node does with one saga be done one after the other, so that a step is
 * seldom made in vain. That it takes effect once does not depend on this: other nodes do
 * not wait here. Thread-safe.
 */
final class SagaQueue {

	// a step that hangs must not hold up others of its saga for ever
	private static final long PATIENCE_MILLIS = 5000;

	private final Map<String, Turns> byKey = new ConcurrentHashMap<>();

	/**
	 * Does something with a saga when nobody else does, or has done for too long.
	 * @throws InterruptedException when interrupted while it waits
	 */
	<R> R run(String key, Callable<R> action) throws Exception {
		Turns turns = Objects
			.requireNonNull(this.byKey.compute(key, (any, known) -> ((known != null) ? known : new Turns()).entered()));
		try {
			boolean alone = turns.lock.tryLock(PATIENCE_MILLIS, TimeUnit.MILLISECONDS);
			try {
				return action.call();
			}
			finally {
				if (alone) {
					turns.lock.unlock();
				}
			}
		}
		finally {
			this.byKey.computeIfPresent(key, (any, known) -> known.left() ? null : known);
		}
	}

	/**
	 * Of one saga; counted under the lock of its entry in the map.
	 */
	private static final class Turns {

		private final ReentrantLock lock = new ReentrantLock(true);

		private int users;

		Turns entered() {
			this.users++;
			return this;
		}

		/** Whether nobody is left. */
		boolean left() {
			return --this.users == 0;
		}

	}

}
