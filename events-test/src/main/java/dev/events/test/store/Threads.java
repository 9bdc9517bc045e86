package dev.events.test.store;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.function.IntFunction;

/**
 * Several threads that begin at the same moment.
 */
final class Threads implements AutoCloseable {

	static final int COUNT = 8;

	private final ExecutorService executor = Executors.newFixedThreadPool(COUNT);

	/**
	 * Starts the action on every thread.
	 * @param action what a thread does, given its number from 0
	 */
	<T> List<Future<T>> start(IntFunction<T> action) {
		CyclicBarrier barrier = new CyclicBarrier(COUNT);
		List<Future<T>> futures = new ArrayList<>();
		for (int thread = 0; thread < COUNT; thread++) {
			int number = thread;
			futures.add(this.executor.submit(() -> {
				barrier.await(30, TimeUnit.SECONDS);
				return action.apply(number);
			}));
		}
		return futures;
	}

	/** The results, when all are there. */
	static <T> List<T> results(List<Future<T>> futures) throws Exception {
		List<T> results = new ArrayList<>();
		for (Future<T> future : futures) {
			results.add(future.get(60, TimeUnit.SECONDS));
		}
		return results;
	}

	/** What the action gives on every thread. */
	static <T> List<T> onEach(IntFunction<T> action) throws Exception {
		try (Threads threads = new Threads()) {
			return results(threads.start(action));
		}
	}

	@Override
	public void close() {
		this.executor.shutdownNow();
	}

}
