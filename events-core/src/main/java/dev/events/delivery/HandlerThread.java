package dev.events.delivery;

import java.time.Duration;
import java.util.concurrent.Future;

import dev.events.store.PartitionId;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Which thread is inside a handler, so that only user code is ever interrupted and never
 * the store. Thread-safe.
 */
final class HandlerThread {

	private static final Logger logger = LoggerFactory.getLogger(HandlerThread.class);

	private final PartitionId partition;

	private final Timers timers;

	// zero for none
	private final Duration timeout;

	private @Nullable Thread thread;

	private Interruption interruption = Interruption.NONE;

	// of the thread inside
	private @Nullable Future<?> alarm;

	// tells an alarm that comes late from the call after the one that it was set for
	private long calls;

	HandlerThread(PartitionId partition, Timers timers, Duration timeout) {
		this.partition = partition;
		this.timers = timers;
		this.timeout = timeout;
	}

	Duration timeout() {
		return this.timeout;
	}

	void enter() {
		long call;
		synchronized (this) {
			this.thread = Thread.currentThread();
			this.interruption = Interruption.NONE;
			this.calls++;
			call = this.calls;
		}
		if (!this.timeout.isZero()) {
			this.alarm = this.timers.in(this.timeout, () -> timeOut(call));
		}
	}

	/**
	 * Leaves the handler, and with it any interrupt: ours was meant for the handler
	 * alone, and one that the handler left behind would hit our access to the store,
	 * which can close an embedded database.
	 * @return whether it was interrupted from here while it ran
	 */
	Interruption leave() {
		Future<?> alarm = this.alarm;
		if (alarm != null) {
			alarm.cancel(false);
			this.alarm = null;
		}
		synchronized (this) {
			this.thread = null;
			Thread.interrupted();
			return this.interruption;
		}
	}

	/** Interrupts the handler, if one is running, because the node stops. */
	synchronized void interrupt() {
		interrupt(Interruption.SHUTDOWN);
	}

	private void interrupt(Interruption reason) {
		if (this.thread != null) {
			if (this.interruption == Interruption.NONE) {
				this.interruption = reason;
			}
			this.thread.interrupt();
		}
	}

	private synchronized void timeOut(long call) {
		if (this.calls == call && this.thread != null) {
			interrupt(Interruption.TIMEOUT);
			this.timers.in(this.timeout, () -> warn(call));
		}
	}

	/** Nothing but the handler itself can end it, and its partition waits. */
	private void warn(long call) {
		Exception stack = new Exception("Where the handler is");
		synchronized (this) {
			if (this.calls != call || this.thread == null) {
				return;
			}
			stack.setStackTrace(this.thread.getStackTrace());
		}
		logger.warn("The handler of {} does not end although it was interrupted after its timeout of {} ms; "
				+ "its partition waits for it", this.partition, this.timeout.toMillis(), stack);
	}

	/**
	 * Why a handler was interrupted.
	 */
	enum Interruption {

		NONE, SHUTDOWN, TIMEOUT

	}

}
