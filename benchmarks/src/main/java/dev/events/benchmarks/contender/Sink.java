package dev.events.benchmarks.contender;

import java.util.Arrays;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.BooleanSupplier;

/**
 * Counts what subscribers handle, and how long it took to get there. Thread-safe.
 */
public final class Sink {

	private static final int MAX_LATENCIES = 1_000_000;

	private final LongAdder handled = new LongAdder();

	private final long[] latencies = new long[MAX_LATENCIES];

	private final AtomicInteger recorded = new AtomicInteger();

	private volatile boolean recording;

	/** A subscriber has been called. */
	public void accept(Order order) {
		if (this.recording) {
			int index = this.recorded.getAndIncrement();
			if (index < MAX_LATENCIES) {
				this.latencies[index] = System.nanoTime() - order.sentAt();
			}
		}
		this.handled.increment();
	}

	/** Something has been handled that is no {@link Order}. */
	public void count() {
		this.handled.increment();
	}

	public long handled() {
		return this.handled.sum();
	}

	/** From now on latencies are recorded, or not any more. */
	public void record(boolean recording) {
		this.recording = recording;
	}

	/** Recorded latencies in nanoseconds, shortest first. */
	public long[] latencies() {
		long[] sorted = Arrays.copyOf(this.latencies, Math.min(this.recorded.get(), MAX_LATENCIES));
		Arrays.sort(sorted);
		return sorted;
	}

	/**
	 * Waits until so many have been handled.
	 * @return whether that was so before the deadline, by {@link System#nanoTime()}
	 */
	public boolean await(long count, long deadline) {
		return poll(() -> handled() >= count, deadline);
	}

	private static boolean poll(BooleanSupplier condition, long deadline) {
		while (!condition.getAsBoolean()) {
			if (System.nanoTime() - deadline >= 0) {
				return false;
			}
			try {
				// coarse enough to cost nothing, fine enough for runs of seconds
				Thread.sleep(2);
			}
			catch (InterruptedException ex) {
				Thread.currentThread().interrupt();
				return false;
			}
		}
		return true;
	}

}
