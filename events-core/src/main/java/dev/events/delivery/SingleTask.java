package dev.events.delivery;

import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicReference;

import org.jspecify.annotations.Nullable;

/**
 * An action that at most one thread of an executor runs at any time. Whoever reserves it
 * has to start it. Thread-safe.
 * <p>
 * Invariants: (1) a task that the executor refused never runs, even if the executor took
 * it and threw all the same; and none runs in the thread that starts it, for that is a
 * publisher's, the log's or that of another subscription. (2) Each reservation ends in
 * exactly one way: it is given back, refused by {@link #start()}, dropped by
 * {@link #close()}, or has run; whoever counts reservations hears of one of these, once.
 * (3) Once it is closed and idle, the action never begins again. So what was dropped has
 * done nothing, and nothing that is done afterwards can be overtaken by it.
 */
final class SingleTask {

	private final Executor executor;

	private final Runnable action;

	private final Runnable afterwards;

	private final AtomicReference<@Nullable Task> reserved = new AtomicReference<>();

	private volatile @Nullable Thread runner;

	private volatile boolean closed;

	/**
	 * Creates a task that is idle.
	 * @param afterwards runs behind the action, when the task is idle again
	 */
	SingleTask(Executor executor, Runnable action, Runnable afterwards) {
		this.executor = executor;
		this.action = action;
		this.afterwards = afterwards;
	}

	/** Takes the right, and the duty, to start it; fails while it is not idle. */
	boolean reserve() {
		return !this.closed && this.reserved.compareAndSet(null, new Task());
	}

	/** Gives the right back without having started it. */
	void unreserve() {
		this.reserved.set(null);
	}

	/**
	 * Hands it to the executor.
	 * @return why that was not possible, whereupon the task is idle again; {@code null}
	 * when it was, or when {@link #close()} has dropped it meanwhile
	 */
	@Nullable Throwable start() {
		Task task = this.reserved.get();
		if (task == null) {
			throw new IllegalStateException("Not reserved");
		}
		task.caller = Thread.currentThread();
		task.handedOver = true;
		// only now: who closes it after this looks for what was handed over
		if (this.closed) {
			return drop(task) ? new RejectedExecutionException("It is closed") : null;
		}
		Throwable refusal = null;
		try {
			this.executor.execute(task);
		}
		catch (Throwable ex) {
			refusal = ex;
		}
		task.caller = null;
		if (task.inCaller) {
			refusal = new RejectedExecutionException("The executor runs tasks in the thread of the caller");
		}
		return (refusal != null && drop(task)) ? refusal : null;
	}

	/**
	 * Lets nothing begin any more; what is running goes on.
	 * @return whether a run that was handed over and has not begun was dropped
	 */
	boolean close() {
		this.closed = true;
		Task task = this.reserved.get();
		return task != null && task.handedOver && drop(task);
	}

	/** Whether it has neither begun nor been dropped before; if so, it never begins. */
	private boolean drop(Task task) {
		if (!task.state.compareAndSet(State.NEW, State.OVER)) {
			return false;
		}
		this.reserved.set(null);
		return true;
	}

	boolean isIdle() {
		return this.reserved.get() == null;
	}

	boolean isRunByCurrentThread() {
		return this.runner == Thread.currentThread();
	}

	private enum State {

		NEW, OVER

	}

	private final class Task implements Runnable {

		private final AtomicReference<State> state = new AtomicReference<>(State.NEW);

		private volatile @Nullable Thread caller;

		private volatile boolean inCaller;

		private volatile boolean handedOver;

		@Override
		public void run() {
			if (Thread.currentThread() == this.caller) {
				this.inCaller = true;
				return;
			}
			if (!this.state.compareAndSet(State.NEW, State.OVER)) {
				return;
			}
			SingleTask.this.runner = Thread.currentThread();
			try {
				SingleTask.this.action.run();
			}
			finally {
				SingleTask.this.runner = null;
				SingleTask.this.reserved.set(null);
				SingleTask.this.afterwards.run();
			}
		}

	}

}
