package dev.events.delivery;

import java.time.Duration;
import java.util.concurrent.Executor;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/**
 * Reads the log beside the threads that handle its events, one page at a time for the
 * whole node. A task that comes while another one runs is dropped: nobody relies on it.
 * Thread-safe.
 */
final class ReadAhead implements Executor {

	private static final int IDLE_SECONDS = 10;

	private final ThreadPoolExecutor executor = new ThreadPoolExecutor(0, 1, IDLE_SECONDS, TimeUnit.SECONDS,
			new SynchronousQueue<>(), (task) -> {
				Thread thread = new Thread(task, "events-read-ahead");
				thread.setDaemon(true);
				return thread;
			}, new ThreadPoolExecutor.DiscardPolicy());

	@Override
	public void execute(Runnable task) {
		this.executor.execute(task);
	}

	/**
	 * Takes nothing more, and gives a read that is under way some time; it is never
	 * interrupted, see {@link Loop#stop}.
	 */
	void stop(Duration patience) {
		this.executor.shutdown();
		try (UninterruptedWait wait = new UninterruptedWait()) {
			wait.until(this.executor::isTerminated, patience);
		}
	}

}
