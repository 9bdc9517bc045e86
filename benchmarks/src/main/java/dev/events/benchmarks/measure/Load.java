package dev.events.benchmarks.measure;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;

import dev.events.benchmarks.contender.Contender;
import dev.events.benchmarks.contender.Order;

/**
 * Publishers that publish as fast as they can.
 */
final class Load {

	private Load() {
	}

	/**
	 * Publishes for a while.
	 * @param batch events in a transaction
	 * @return how many events were published
	 */
	static long publish(Contender contender, int threads, int batch, Duration duration) {
		long end = System.nanoTime() + duration.toNanos();
		return inParallel(threads, () -> {
			long published = 0;
			while (System.nanoTime() - end < 0) {
				publish(contender, batch);
				published += batch;
			}
			return published;
		});
	}

	/** Publishes so many events, a hundred in a transaction. */
	static void backlog(Contender contender, int events) {
		AtomicInteger rest = new AtomicInteger(events);
		inParallel(4, () -> {
			while (rest.getAndAdd(-100) > 0) {
				publish(contender, 100);
			}
			return 0;
		});
	}

	private static void publish(Contender contender, int batch) {
		if (batch == 1) {
			contender.publish(Order.next());
		}
		else {
			contender.publishAll(Stream.generate(Order::next).limit(batch).toList());
		}
	}

	static long inParallel(int threads, Publisher publisher) {
		ExecutorService executor = Executors.newFixedThreadPool(threads);
		try {
			List<Future<Long>> results = new ArrayList<>();
			for (int i = 0; i < threads; i++) {
				results.add(executor.submit(publisher::publish));
			}
			long sum = 0;
			for (Future<Long> result : results) {
				sum += result.get();
			}
			return sum;
		}
		catch (Exception ex) {
			throw new IllegalStateException("A publisher failed", ex);
		}
		finally {
			executor.shutdownNow();
		}
	}

	/**
	 * What one thread does.
	 */
	interface Publisher {

		long publish() throws Exception;

	}

}
