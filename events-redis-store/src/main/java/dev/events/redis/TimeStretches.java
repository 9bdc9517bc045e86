package dev.events.redis;

import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;

import org.jspecify.annotations.Nullable;

/**
 * Stretches of the log that may have events of a time; all places in them are candidates.
 * See {@code postings.lua}.
 */
final class TimeStretches implements Candidates {

	// microseconds in a unit of the index
	private static final long UNIT = 1 << 20;

	// further away no event is
	private static final long MAX_SECONDS = 1L << 42;

	private final IndexReader index;

	private final long lowest;

	private final long highest;

	private final Deque<Stretch> stretches = new ArrayDeque<>();

	private @Nullable Long resume = Long.MIN_VALUE;

	TimeStretches(IndexReader index, @Nullable Instant since, @Nullable Instant until) {
		this.index = index;
		this.lowest = units((since != null) ? since : Instant.MIN);
		this.highest = units((until != null) ? until : Instant.MAX);
	}

	private static long units(Instant time) {
		long seconds = Math.max(-MAX_SECONDS, Math.min(MAX_SECONDS, time.getEpochSecond()));
		return Math.floorDiv(seconds * 1_000_000 + time.getNano() / 1_000, UNIT);
	}

	@Override
	public long next(long place) {
		while (true) {
			Stretch stretch = this.stretches.peek();
			if (stretch != null && stretch.last >= place) {
				return Math.max(place, stretch.first);
			}
			if (stretch != null) {
				this.stretches.remove();
			}
			else if (this.resume == null) {
				return NONE;
			}
			else {
				this.index.read(this, Math.max(place, this.resume), this.lowest, this.highest);
			}
		}
	}

	/** Where the stretch ends that {@link #next} has answered from. */
	long end() {
		return this.stretches.element().last;
	}

	/** There is no way to know, and where few are others know it. */
	@Override
	public long size() {
		return NONE;
	}

	/**
	 * Takes what was read.
	 * @param answer of {@code index_times.lua}
	 */
	void take(Answer answer, boolean newestFirst) {
		long resume = answer.number(0);
		this.resume = (resume != 0) ? (Long) Candidates.turn(resume, newestFirst) : null;
		for (int i = 1; i < answer.size(); i += 2) {
			long first = answer.number(i);
			long last = answer.number(i + 1);
			this.stretches.add(newestFirst ? new Stretch(-last, -first) : new Stretch(first, last));
		}
	}

	/**
	 * Places that follow each other.
	 */
	private record Stretch(long first, long last) {

	}

}
