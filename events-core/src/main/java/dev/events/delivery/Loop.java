package dev.events.delivery;

import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A thread that does the same thing again and again: when signalled, or else after the
 * time that the last run asked for. A run that fails is logged (see {@link Trouble}) and
 * tried again, ever more slowly, until it succeeds or the loop is stopped.
 */
public final class Loop {

	private static final Logger logger = LoggerFactory.getLogger(Loop.class);

	private static final Duration FIRST_BACKOFF = Duration.ofMillis(100);

	private static final Duration MAX_BACKOFF = Duration.ofSeconds(2);

	// so many signals must have come thick before the next ones are gathered
	private static final int HURRY = 3;

	private final String name;

	private final Step step;

	private final Duration thickness;

	private final Duration gathering;

	private final ReentrantLock lock = new ReentrantLock();

	private final Condition signalled = this.lock.newCondition();

	private final Condition ended = this.lock.newCondition();

	// set by anybody, taken back under the lock before the run that answers it
	private volatile boolean signal;

	private boolean stopped;

	// how many waits in a row a signal has cut shorter than the thickness; by the thread
	// of the loop only
	private int thick;

	// the run before had so much to do that gathering more would save nothing
	private boolean busy;

	private volatile @Nullable Thread thread;

	/**
	 * Creates a loop that answers each signal at once.
	 * @param name name of its thread
	 * @param step what it does
	 */
	public Loop(String name, Step step) {
		this(name, step, Duration.ZERO, Duration.ZERO);
	}

	/**
	 * Creates a loop.
	 * @param name name of its thread
	 * @param step what it does
	 * @param thickness signals come thick while each is sooner than this after a run
	 * @param gathering while they do, the next run waits for so long after the last one,
	 * and answers all that have come
	 */
	public Loop(String name, Step step, Duration thickness, Duration gathering) {
		this.name = name;
		this.step = step;
		this.thickness = thickness;
		this.gathering = gathering;
	}

	/** Begins; a loop runs once in its life. */
	public void start() {
		Thread thread = new Thread(this::run, this.name);
		thread.setDaemon(true);
		thread.start();
		this.thread = thread;
	}

	boolean hasStarted() {
		return this.thread != null;
	}

	/** Lets the next run begin at once, or soon when signals come thick. */
	public void signal() {
		if (this.signal) {
			// a run that has not begun will see what this signal is about
			return;
		}
		this.lock.lock();
		try {
			this.signal = true;
			this.signalled.signal();
		}
		finally {
			this.lock.unlock();
		}
	}

	/**
	 * Ends the loop after the run it is in, which is given some time. It is never
	 * interrupted: an interrupt in the middle of file access would close an embedded
	 * database.
	 * @param patience how long to wait for that run to end
	 */
	public void stop(Duration patience) {
		this.lock.lock();
		try {
			this.stopped = true;
			this.signalled.signal();
			this.ended.signal();
		}
		finally {
			this.lock.unlock();
		}
		Thread thread = this.thread;
		if (thread == null || thread == Thread.currentThread()) {
			return;
		}
		try (UninterruptedWait wait = new UninterruptedWait()) {
			if (!wait.until(() -> !thread.isAlive(), patience)) {
				logger.warn("{} did not stop within {}; its last run goes on in the background", this.name, patience);
			}
		}
	}

	private void run() {
		Trouble trouble = new Trouble();
		while (!isStopped()) {
			Duration pause;
			try {
				pause = this.step.run();
				int failures = trouble.over();
				if (failures > 0) {
					logger.info("{} works again after {} failed attempts", this.name, failures);
				}
			}
			catch (InterruptedException ex) {
				return;
			}
			catch (Throwable ex) {
				if (isStopped()) {
					return;
				}
				if (trouble.failed()) {
					logger.warn("{} failed and will try again until it succeeds", this.name, ex);
				}
				else {
					logger.debug("{} failed {} times", this.name, trouble.failures(), ex);
				}
				pause = backoff(trouble.failures());
			}
			if (!await(pause, trouble.failures() == 0)) {
				return;
			}
		}
	}

	private static Duration backoff(int failures) {
		long millis = Math.min(MAX_BACKOFF.toMillis(), FIRST_BACKOFF.toMillis() << Math.min(10, failures - 1));
		return Duration.ofMillis(millis / 2 + ThreadLocalRandom.current().nextLong(millis / 2 + 1));
	}

	/** Waits; a loop in trouble does not let itself be hurried. */
	private boolean await(Duration pause, boolean signals) {
		this.lock.lock();
		try {
			long begin = System.nanoTime();
			long nanos = pause.toNanos();
			while (!this.stopped && nanos > 0 && !(signals && this.signal)) {
				nanos = this.signalled.awaitNanos(nanos);
			}
			if (nanos > 0) {
				gather(begin);
			}
			else if (!pause.isZero()) {
				this.thick = 0;
			}
			this.signal = false;
			return !this.stopped;
		}
		catch (InterruptedException ex) {
			return false;
		}
		finally {
			this.lock.unlock();
		}
	}

	private void gather(long begin) throws InterruptedException {
		long waited = System.nanoTime() - begin;
		this.thick = (waited < this.thickness.toNanos()) ? Math.min(this.thick + 1, HURRY) : 0;
		long early = this.busy ? 0 : this.gathering.toNanos() - waited;
		while (!this.stopped && early > 0 && isHurried()) {
			// not woken by further signals
			early = this.ended.awaitNanos(early);
		}
	}

	/**
	 * Says whether this run had much to do, so that what comes next need not be gathered;
	 * for the step.
	 */
	void busy(boolean busy) {
		this.busy = busy;
	}

	/** Whether signals come thick; for the step. */
	boolean isHurried() {
		return this.thick == HURRY;
	}

	boolean isStopped() {
		this.lock.lock();
		try {
			return this.stopped;
		}
		finally {
			this.lock.unlock();
		}
	}

	/**
	 * What a loop does.
	 */
	public interface Step {

		/**
		 * Does it once.
		 * @return how long to wait for a signal before doing it again
		 */
		Duration run() throws Exception;

	}

}
