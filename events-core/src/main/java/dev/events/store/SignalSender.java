package dev.events.store;

import java.time.Duration;
import java.util.EnumSet;
import java.util.Set;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;

import dev.events.store.Wakeups.Kind;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sends signals from a thread of its own, the first at once and then at most one in a
 * pause, however many publishers there are. Its thread, which nobody else can keep busy,
 * ends when there is nothing to send. Thread-safe.
 */
final class SignalSender {

	private static final Logger logger = LoggerFactory.getLogger(SignalSender.class);

	// nobody needs to be told of what cannot be read anyway, and all look for themselves
	private static final Duration PAUSE_AFTER_ERROR = Duration.ofSeconds(1);

	private final Consumer<Set<Kind>> channel;

	private final Duration pause;

	private final ThreadPoolExecutor executor;

	private final ReentrantLock lock = new ReentrantLock();

	private final Condition idle = this.lock.newCondition();

	// not sent yet; guarded by lock
	private final Set<Kind> pending = EnumSet.noneOf(Kind.class);

	// whether the thread will look at what is pending; guarded by lock
	private boolean active;

	/**
	 * A sender.
	 * @param channel sends, or throws an exception
	 * @param pause from one to the next
	 */
	SignalSender(Consumer<Set<Kind>> channel, Duration pause) {
		this.channel = channel;
		this.pause = pause;
		this.executor = new ThreadPoolExecutor(1, 1, 10, TimeUnit.SECONDS, new LinkedBlockingQueue<>(), (task) -> {
			Thread thread = new Thread(task, "events-signals");
			thread.setDaemon(true);
			return thread;
		});
		this.executor.allowCoreThreadTimeOut(true);
	}

	/** Lets other processes know soon. */
	void send(Kind kind) {
		this.lock.lock();
		try {
			this.pending.add(kind);
			if (this.active) {
				return;
			}
			this.executor.execute(this::sendPending);
			this.active = true;
		}
		catch (RuntimeException | OutOfMemoryError ex) {
			logger.debug("There is no thread to tell other nodes", ex);
		}
		finally {
			this.lock.unlock();
		}
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
		try {
			for (Set<Kind> kinds = take(); !kinds.isEmpty(); kinds = take()) {
				TimeUnit.NANOSECONDS.sleep((send(kinds) ? this.pause : PAUSE_AFTER_ERROR).toNanos());
			}
		}
		catch (InterruptedException ex) {
			deactivate();
		}
		catch (RuntimeException | Error ex) {
			deactivate();
			throw ex;
		}
	}

	private Set<Kind> take() {
		this.lock.lock();
		try {
			Set<Kind> kinds = EnumSet.copyOf(this.pending);
			this.pending.clear();
			if (kinds.isEmpty()) {
				deactivate();
			}
			return kinds;
		}
		finally {
			this.lock.unlock();
		}
	}

	private void deactivate() {
		this.lock.lock();
		try {
			this.active = false;
			this.idle.signalAll();
		}
		finally {
			this.lock.unlock();
		}
	}

	private boolean send(Set<Kind> kinds) {
		try {
			this.channel.accept(kinds);
			return true;
		}
		catch (RuntimeException ex) {
			// that the store is down others say
			logger.debug("Other nodes could not be told of {}", kinds, ex);
			return false;
		}
	}

}
