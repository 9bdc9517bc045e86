package dev.events.redis;

import java.util.Comparator;
import java.util.List;

/**
 * Places that are in all parts. The part that has fewest of them leads.
 */
final class AllOf implements Candidates {

	private final List<Candidates> parts;

	/**
	 * Puts parts together.
	 * @param parts at least one
	 */
	AllOf(List<Candidates> parts) {
		this.parts = parts.stream().sorted(Comparator.comparingLong(Candidates::size)).toList();
	}

	@Override
	public long next(long place) {
		long agreed;
		long at = place;
		do {
			agreed = at;
			for (Candidates part : this.parts) {
				at = part.next(at);
				if (at == NONE) {
					return NONE;
				}
			}
		}
		while (at != agreed);
		return at;
	}

	@Override
	public long size() {
		return this.parts.get(0).size();
	}

}
