package dev.events.memory;

import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;

/**
 * The one lock over all state of a memory store: what an interface calls atomic is so
 * across its parts. Reentrant, because the parts call each other.
 */
final class StateLock {

	private final ReentrantLock lock = new ReentrantLock();

	<T> T get(Supplier<T> action) {
		this.lock.lock();
		try {
			return action.get();
		}
		finally {
			this.lock.unlock();
		}
	}

	void run(Runnable action) {
		this.lock.lock();
		try {
			action.run();
		}
		finally {
			this.lock.unlock();
		}
	}

}
