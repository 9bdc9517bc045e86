package dev.events.store;

import java.time.Duration;
import java.util.EnumSet;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;

import dev.events.store.Wakeups.Kind;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sends signals without waiting for them: the first at once, then at most one at a time
 * and in a pause, however many publishers there are. Thread-safe.
 */
final class SignalSender {

	private static final Logger logger = LoggerFactory.getLogger(SignalSender.class);

	// who cannot be reached finds out for itself
	private static final Duration PAUSE_AFTER_ERROR = Duration.ofSeconds(1);

	private final Function<Set<Kind>, CompletionStage<?>> channel;

	private final Duration pause;

	private final ReentrantLock lock = new ReentrantLock();

	private final Condition idle = this.lock.newCondition();

	// not sent yet; guarded by lock
	private final Set<Kind> pending = EnumSet.noneOf(Kind.class);

	// whether one is under way or its pause is not over; guarded by lock
	private boolean active;

	/**
	 * A sender.
	 * @param channel begins to send, without blocking
	 * @param pause from one to the next
	 */
	SignalSender(Function<Set<Kind>, CompletionStage<?>> channel, Duration pause) {
		this.channel = channel;
		this.pause = pause;
	}

	void send(Kind kind) {
		this.lock.lock();
		try {
			this.pending.add(kind);
			if (this.active) {
				return;
			}
			this.active = true;
		}
		finally {
			this.lock.unlock();
		}
		sendPending();
	}

	/** Returns when there is nothing left to send, or the time is over. */
	void flush(Duration patience) {
		this.lock.lock();
		try {
			long nanos = patience.toNanos();
			while (this.active && nanos > 0) {
				nanos = this.idle.awaitNanos(nanos);
			}
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
		finally {
			this.lock.unlock();
		}
	}

	private void sendPending() {
		Set<Kind> kinds = take();
		if (kinds.isEmpty()) {
			return;
		}
		CompletionStage<?> sent;
		try {
			sent = this.channel.apply(kinds);
		}
		catch (RuntimeException ex) {
			sent = CompletableFuture.failedFuture(ex);
		}
		sent.whenComplete((any, error) -> {
			if (error != null) {
				logger.debug("Other nodes could not be told of {}", kinds, error);
			}
			Duration pause = (error != null) ? PAUSE_AFTER_ERROR : this.pause;
			CompletableFuture.delayedExecutor(pause.toNanos(), TimeUnit.NANOSECONDS).execute(this::sendPending);
		});
	}

	private Set<Kind> take() {
		this.lock.lock();
		try {
			Set<Kind> kinds = EnumSet.copyOf(this.pending);
			this.pending.clear();
			if (kinds.isEmpty()) {
				this.active = false;
				this.idle.signalAll();
			}
			return kinds;
		}
		finally {
			this.lock.unlock();
		}
	}

}
