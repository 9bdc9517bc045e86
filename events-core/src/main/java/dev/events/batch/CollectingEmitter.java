package dev.events.batch;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

import dev.events.BatchEmitter;
import dev.events.BatchOptions;
import dev.events.Event;
import dev.events.EventBatch;
import dev.events.EventException;
import dev.events.EventKeyException;
import dev.events.EventStoreException;
import dev.events.InvalidEventException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Collects items for one type of event. Thread-safe; one thread of its own emits, so that
 * the order is kept and nobody who adds runs what belongs to publishing.
 * <p>
 * Invariant: an item is among the waiting ones until it is stored or counted as lost, so
 * that no more wait than may.
 *
 * @param <T> type of the items
 */
final class CollectingEmitter<T> implements BatchEmitter<T> {

	private static final Logger logger = LoggerFactory.getLogger(CollectingEmitter.class);

	private static final Duration FIRST_DELAY = Duration.ofMillis(100);

	private static final Duration MAX_DELAY = Duration.ofSeconds(5);

	private final String type;

	private final BatchOptions options;

	private final Emitters emitters;

	private final Thread thread;

	private final ReentrantLock lock = new ReentrantLock();

	private final Condition changed = this.lock.newCondition();

	// those below are guarded by the lock; oldest first
	private final Deque<Waiting<T>> waiting = new ArrayDeque<>();

	private boolean ended;

	private boolean abandoned;

	CollectingEmitter(String type, BatchOptions options, Emitters emitters) {
		this.type = type;
		this.options = options;
		this.emitters = emitters;
		this.thread = new Thread(this::run, "events-batch-" + type);
		this.thread.setDaemon(true);
	}

	void start() {
		this.thread.start();
	}

	int waiting() {
		this.lock.lock();
		try {
			return this.waiting.size();
		}
		finally {
			this.lock.unlock();
		}
	}

	@Override
	public void add(T item) {
		Objects.requireNonNull(item, "item");
		try {
			this.lock.lockInterruptibly();
		}
		catch (InterruptedException ex) {
			throw interrupted(ex);
		}
		try {
			while (!this.ended && this.waiting.size() >= this.options.capacity()) {
				this.changed.await();
			}
			if (this.ended) {
				throw new IllegalStateException("The emitter of '" + this.type + "' is closed");
			}
			this.waiting.add(new Waiting<>(item, this.emitters.nanoTime()));
			int size = this.waiting.size();
			if (size == 1 || size == this.options.size()) {
				this.changed.signalAll();
			}
		}
		catch (InterruptedException ex) {
			throw interrupted(ex);
		}
		finally {
			this.lock.unlock();
		}
	}

	private static EventException interrupted(InterruptedException ex) {
		Thread.currentThread().interrupt();
		return new EventException("Interrupted while waiting for room", ex);
	}

	private void run() {
		while (true) {
			List<T> next = next();
			if (next.isEmpty()) {
				return;
			}
			emit(next);
			remove(next.size());
		}
	}

	/** What to emit now; nothing at the end. It goes on waiting until it is emitted. */
	private List<T> next() {
		this.lock.lock();
		try {
			while (!this.abandoned) {
				Waiting<T> first = this.waiting.peek();
				if (first == null) {
					if (this.ended) {
						return List.of();
					}
					this.changed.awaitUninterruptibly();
					continue;
				}
				if (isReady(first)) {
					return first(Math.min(this.waiting.size(), this.options.size()));
				}
				await(timeLeft(first));
			}
			return List.of();
		}
		finally {
			this.lock.unlock();
		}
	}

	/** Whether the oldest items are to be emitted; under the lock. */
	private boolean isReady(Waiting<T> first) {
		return this.ended || timeLeft(first) <= 0 || this.waiting.size() >= this.options.size();
	}

	private long timeLeft(Waiting<T> first) {
		return first.since + this.options.interval().toNanos() - this.emitters.nanoTime();
	}

	/** Whether there are items to emit now, or some are being emitted. */
	boolean isDue() {
		this.lock.lock();
		try {
			Waiting<T> first = this.waiting.peek();
			return first != null && isReady(first);
		}
		finally {
			this.lock.unlock();
		}
	}

	/** The time may be over for some. */
	void wake() {
		this.lock.lock();
		try {
			this.changed.signalAll();
		}
		finally {
			this.lock.unlock();
		}
	}

	/** Nobody has a reason to interrupt our thread: it goes on. */
	private void await(long nanos) {
		try {
			this.changed.awaitNanos(nanos);
		}
		catch (InterruptedException ex) {
			logger.debug("Interrupted, without effect", ex);
		}
	}

	private List<T> first(int count) {
		List<T> items = new ArrayList<>(count);
		Iterator<Waiting<T>> oldest = this.waiting.iterator();
		while (items.size() < count) {
			items.add(oldest.next().item);
		}
		return items;
	}

	private void remove(int count) {
		this.lock.lock();
		try {
			for (int i = 0; i < count && !this.abandoned; i++) {
				this.waiting.remove();
			}
			this.changed.signalAll();
		}
		finally {
			this.lock.unlock();
		}
	}

	/** Emits items; afterwards each of them is stored or counted as lost. */
	private void emit(List<T> items) {
		try {
			publish(Event.of(this.type, EventBatch.of(items))
				.withKey(this.options.key())
				.withOrganization(this.options.organization()), items.size());
		}
		catch (InvalidEventException ex) {
			// too much for one event, or one item that cannot be written
			if (items.size() == 1) {
				lose(1, ex);
				return;
			}
			int half = items.size() / 2;
			emit(items.subList(0, half));
			emit(items.subList(half, items.size()));
		}
		catch (RuntimeException | Error ex) {
			lose(items.size(), ex);
		}
	}

	/**
	 * Publishes an event as often as is needed; its id sees to it that it is stored once.
	 */
	private void publish(Event<?> event, int items) {
		for (Duration delay = FIRST_DELAY;; delay = longer(delay)) {
			try {
				this.emitters.publish(event, items);
				return;
			}
			catch (EventStoreException | EventKeyException ex) {
				if (isAbandoned()) {
					return;
				}
				logger.warn("{} could not be stored with its {} items, and is tried again: {}", event, items,
						ex.getMessage());
				pause(delay);
			}
		}
	}

	private static Duration longer(Duration delay) {
		Duration longer = delay.multipliedBy(2);
		return (longer.compareTo(MAX_DELAY) > 0) ? MAX_DELAY : longer;
	}

	private void pause(Duration delay) {
		long end = System.nanoTime() + delay.toNanos();
		this.lock.lock();
		try {
			for (long left = delay.toNanos(); left > 0 && !this.abandoned; left = end - System.nanoTime()) {
				await(left);
			}
		}
		finally {
			this.lock.unlock();
		}
	}

	private boolean isAbandoned() {
		this.lock.lock();
		try {
			return this.abandoned;
		}
		finally {
			this.lock.unlock();
		}
	}

	private void lose(int items, Throwable error) {
		this.emitters.lost(items);
		logger.error("{} items of '{}' are lost, they cannot be published: {}", items, this.type, error.getMessage(),
				error);
	}

	/** Takes no more, and begins to emit the rest. */
	void end() {
		this.lock.lock();
		try {
			this.ended = true;
			this.changed.signalAll();
		}
		finally {
			this.lock.unlock();
		}
	}

	@Override
	public void close() {
		end();
		if (Thread.currentThread() != this.thread) {
			join();
			abandon();
		}
		this.emitters.closed(this);
	}

	private void join() {
		boolean interrupted = Thread.interrupted();
		long deadline = System.nanoTime() + this.emitters.closeTimeout().toNanos();
		for (long left = 1; this.thread.isAlive() && left > 0; left = deadline - System.nanoTime()) {
			try {
				this.thread.join(Math.max(1, TimeUnit.NANOSECONDS.toMillis(deadline - System.nanoTime())));
			}
			catch (InterruptedException ex) {
				interrupted = true;
			}
		}
		if (interrupted) {
			Thread.currentThread().interrupt();
		}
	}

	/** What is still waiting is given up; some of it may be on its way. */
	private void abandon() {
		this.lock.lock();
		try {
			if (!this.abandoned && !this.waiting.isEmpty()) {
				this.emitters.lost(this.waiting.size());
				logger.error("{} items of '{}' are lost, they could not be emitted within {}", this.waiting.size(),
						this.type, this.emitters.closeTimeout());
			}
			this.abandoned = true;
			this.waiting.clear();
			this.changed.signalAll();
		}
		finally {
			this.lock.unlock();
		}
	}

	/**
	 * An item that waits.
	 *
	 * @param <T> its type
	 * @param item the item
	 * @param since when it was added, as {@link Emitters#nanoTime()}
	 */
	private record Waiting<T>(T item, long since) {

	}

}
