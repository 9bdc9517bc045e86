package dev.events.redis;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Function;

import dev.events.EventStoreException;
import org.jspecify.annotations.Nullable;

/**
 * Lets threads that append at the same time share one call of the server. Nobody waits
 * for company: who finds fewer than {@link #CALLS} calls under way makes one at once; who
 * comes meanwhile is taken along by the next. Thread-safe.
 * <p>
 * Invariants: a unit is in the queue, in exactly one call, or has its outcome; the events
 * of a unit stay together and in their order; whoever makes a call gives the others of it
 * their outcome, whatever happens, and then passes the turn on to a unit of the queue if
 * there is one.
 */
final class SharedAppends {

	// one on its way while the server works on another
	private static final int CALLS = 2;

	// so much at once that the cost of a call does not matter any more, and so little
	// that
	// the last event does not wait long for the first one
	private static final int MOST_EVENTS = 200;

	private static final int MOST_BYTES = 256 * 1024;

	private final Function<List<byte[]>, List<Long>> append;

	// guards all that follows
	private final Object lock = new Object();

	private final Deque<Unit> queue = new ArrayDeque<>();

	private int calls;

	/**
	 * Creates one.
	 * @param append stores packed events in one call and answers a position for each
	 */
	SharedAppends(Function<List<byte[]>, List<Long>> append) {
		this.append = append;
	}

	/**
	 * Appends events as one unit.
	 * @return the position of each
	 */
	List<Long> append(List<byte[]> events) {
		Unit unit = new Unit(events);
		synchronized (this.lock) {
			if (this.calls < CALLS) {
				this.calls++;
				unit.turn = List.of(unit);
			}
			else {
				this.queue.add(unit);
			}
		}
		List<Unit> turn = unit.await();
		if (turn != null) {
			call(turn);
		}
		return unit.positions();
	}

	private void call(List<Unit> units) {
		try {
			List<byte[]> events = new ArrayList<>();
			units.forEach((unit) -> events.addAll(unit.events));
			List<Long> positions = this.append.apply(events);
			int from = 0;
			for (Unit unit : units) {
				int to = from + unit.events.size();
				unit.positions = positions.subList(from, to);
				from = to;
			}
		}
		catch (Throwable ex) {
			units.forEach((unit) -> unit.failure = ex);
		}
		finally {
			try {
				passOn();
			}
			finally {
				units.forEach(Unit::end);
			}
		}
	}

	private void passOn() {
		Unit next;
		synchronized (this.lock) {
			next = this.queue.poll();
			if (next == null) {
				this.calls--;
				return;
			}
			List<Unit> turn = new ArrayList<>();
			turn.add(next);
			int events = next.events.size();
			long bytes = next.bytes();
			Unit other;
			while ((other = this.queue.peek()) != null && events + other.events.size() <= MOST_EVENTS
					&& bytes + other.bytes() <= MOST_BYTES) {
				turn.add(this.queue.remove());
				events += other.events.size();
				bytes += other.bytes();
			}
			next.turn = turn;
		}
		LockSupport.unpark(next.thread);
	}

	/**
	 * What one thread appends.
	 */
	private static final class Unit {

		private final List<byte[]> events;

		private final Thread thread = Thread.currentThread();

		// the units of the call that its thread has to make
		private volatile @Nullable List<Unit> turn;

		private volatile boolean ended;

		// one of the two is set before it has ended
		private @Nullable List<Long> positions;

		private @Nullable Throwable failure;

		Unit(List<byte[]> events) {
			this.events = events;
		}

		long bytes() {
			long bytes = 0;
			for (byte[] event : this.events) {
				bytes += event.length;
			}
			return bytes;
		}

		/**
		 * Waits for the outcome, or for the turn. Not to be interrupted, because nobody
		 * would know then what was stored; a call takes no longer than its timeout.
		 */
		@Nullable List<Unit> await() {
			boolean interrupted = false;
			while (this.turn == null && !this.ended) {
				LockSupport.park(this);
				interrupted |= Thread.interrupted();
			}
			if (interrupted) {
				this.thread.interrupt();
			}
			return this.turn;
		}

		void end() {
			this.ended = true;
			if (this.thread != Thread.currentThread()) {
				LockSupport.unpark(this.thread);
			}
		}

		List<Long> positions() {
			if (this.positions != null) {
				return this.positions;
			}
			if (this.failure instanceof Error error) {
				throw error;
			}
			// of its own for each thread
			String message = (this.failure != null) ? this.failure.getMessage() : null;
			throw new EventStoreException((message != null) ? message : "Could not store events", this.failure);
		}

	}

}
