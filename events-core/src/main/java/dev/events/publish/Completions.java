package dev.events.publish;

import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

import org.jspecify.annotations.Nullable;

/**
 * Completes futures, and thereby runs what users have attached to them: in order, but
 * when a callback waits (it may wait for a later future), what comes behind it overtakes
 * it after a short time. Thread-safe.
 */
final class Completions {

	private static final long PATIENCE_NANOS = 20_000_000;

	private final Executor threads = new ThreadPoolExecutor(0, Integer.MAX_VALUE, 10, TimeUnit.SECONDS,
			new SynchronousQueue<>(), (task) -> {
				Thread thread = new Thread(task, "events-publisher-callback");
				thread.setDaemon(true);
				return thread;
			});

	private @Nullable Step last;

	/** Runs completions in another thread, behind the earlier ones. */
	synchronized void run(List<Runnable> completions) {
		if (completions.isEmpty()) {
			return;
		}
		Step step = new Step(this.last, completions);
		this.last = step;
		try {
			this.threads.execute(step);
		}
		catch (RuntimeException | Error ex) {
			// no thread to be had: better here than never
			step.run();
		}
	}

	/** Waits until everything is completed, but not for the current thread. */
	void await(long deadline) {
		Step current;
		synchronized (this) {
			current = this.last;
		}
		if (current != null) {
			current.await(deadline - System.nanoTime());
		}
	}

	private static final class Step implements Runnable {

		private final List<Runnable> completions;

		private final CountDownLatch done = new CountDownLatch(1);

		private volatile @Nullable Step before;

		private volatile @Nullable Thread thread;

		Step(@Nullable Step before, List<Runnable> completions) {
			this.before = before;
			this.completions = completions;
		}

		@Override
		public void run() {
			this.thread = Thread.currentThread();
			Step earlier = this.before;
			if (earlier != null) {
				earlier.await(PATIENCE_NANOS);
				this.before = null;
			}
			try {
				this.completions.forEach(Runnable::run);
			}
			finally {
				this.done.countDown();
			}
		}

		void await(long nanos) {
			if (this.thread == Thread.currentThread()) {
				return;
			}
			try {
				this.done.await(nanos, TimeUnit.NANOSECONDS);
			}
			catch (InterruptedException ex) {
				Thread.currentThread().interrupt();
			}
		}

	}

}
