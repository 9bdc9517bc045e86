package dev.events.redis;

import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;

/**
 * Places that are in at least one part.
 *
 * @param <C> what the parts are
 */
final class AnyOf<C extends Candidates> implements Candidates {

	private final PriorityQueue<Front<C>> fronts = new PriorityQueue<>(
			Comparator.comparingLong((front) -> front.place));

	private final long size;

	AnyOf(List<C> parts) {
		parts.forEach((part) -> this.fronts.add(new Front<>(part)));
		this.size = parts.stream().mapToLong(Candidates::size).sum();
	}

	@Override
	public long next(long place) {
		Front<C> first = this.fronts.peek();
		while (first != null && first.place < place) {
			this.fronts.remove();
			first.place = first.part.next(place);
			if (first.place != NONE) {
				this.fronts.add(first);
			}
			first = this.fronts.peek();
		}
		return (first != null) ? first.place : NONE;
	}

	/** A part that has the place that {@link #next} has answered last. */
	C part() {
		return this.fronts.element().part;
	}

	@Override
	public long size() {
		return this.size;
	}

	/**
	 * How far a part has come.
	 */
	private static final class Front<C extends Candidates> {

		private final C part;

		private long place = Long.MIN_VALUE;

		Front(C part) {
			this.part = part;
		}

	}

}
