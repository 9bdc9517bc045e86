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
	 * Leaves the handler, and with it any interrupt: ours was meant for the handler
	 * alone, and one that the handler left behind would hit our access to the store,
	 * which can close an embedded database.
	 * @return whether it was interrupted from here while it ran
	 */
	synchronized boolean leave() {
		this.thread = null;
		Thread.interrupted();
		return this.interrupted;
	}

	synchronized void interrupt() {
		if (this.thread != null) {
			this.interrupted = true;
			this.thread.interrupt();
		}
	}

}
