package dev.events.test;

import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.Executor;

import org.jspecify.annotations.Nullable;

/**
 * Runs handlers one after the other in a thread of its own, and only while the gate is
 * open: so nothing is delivered behind the back of a test. Thread-safe.
 */
final class GatedWorkers implements Executor, AutoCloseable {

	private final Queue<Runnable> tasks = new ArrayDeque<>();

	private boolean open;

	private boolean closed;

	private @Nullable Thread thread;

	@Override
	public synchronized void execute(Runnable task) {
		this.tasks.add(task);
		if (this.thread == null && !this.closed) {
			Thread starting = new Thread(this::run, "events-test-worker");
			starting.setDaemon(true);
			starting.start();
			this.thread = starting;
		}
		notifyAll();
	}

	synchronized void open() {
		this.open = true;
		notifyAll();
	}

	/** What is running goes on; nothing begins. */
	synchronized void shut() {
		this.open = false;
	}

	/** Whether a handler is calling. */
	synchronized boolean isRunByCurrentThread() {
		return Thread.currentThread() == this.thread;
	}

	/** Where the thread is at present, for messages. */
	synchronized StackTraceElement[] stack() {
		Thread current = this.thread;
		return (current != null) ? current.getStackTrace() : new StackTraceElement[0];
	}

	private void run() {
		try {
			while (true) {
				next().run();
			}
		}
		catch (InterruptedException ex) {
			synchronized (this) {
				this.thread = null;
			}
		}
	}

	private synchronized Runnable next() throws InterruptedException {
		while (true) {
			Runnable task = this.open ? this.tasks.poll() : null;
			if (task != null) {
				return task;
			}
			if (this.closed) {
				throw new InterruptedException();
			}
			wait();
		}
	}

	@Override
	public synchronized void close() {
		this.closed = true;
		notifyAll();
	}

}
