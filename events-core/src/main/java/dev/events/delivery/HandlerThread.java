package dev.events.delivery;

import org.jspecify.annotations.Nullable;

/**
 * Which thread is inside a handler, so that only user code is ever interrupted and never
 * the store. Thread-safe.
 */
final class HandlerThread {

	private @Nullable Thread thread;

	private boolean interrupted;

	synchronized void enter() {
		this.thread = Thread.currentThread();
		this.interrupted = false;
	}

	/**
	 * Leaves the handler.
	 * @return whether it was interrupted from here while it ran
	 */
	synchronized boolean leave() {
		this.thread = null;
		if (this.interrupted) {
			// the interrupt was meant for the handler alone
			Thread.interrupted();
		}
		return this.interrupted;
	}

	synchronized void interrupt() {
		if (this.thread != null) {
			this.interrupted = true;
			this.thread.interrupt();
		}
	}

	synchronized boolean isCurrent() {
		return this.thread == Thread.currentThread();
	}

}
