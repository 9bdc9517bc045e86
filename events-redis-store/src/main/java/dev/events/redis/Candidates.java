package dev.events.redis;

/**
 * Places where events may be that are looked for. A place is a position, or when newest
 * events come first the negative of one, so that places always ascend. For one thread.
 */
interface Candidates {

	/** Behind all places. */
	long NONE = Long.MAX_VALUE;

	/**
	 * The first one at or behind a place.
	 * @param place not in front of that of the call before
	 * @return {@link #NONE} if there is none
	 */
	long next(long place);

	/** About how many there are. */
	long size();

	/** Place of a position, and position of a place. */
	static long turn(long place, boolean newestFirst) {
		return newestFirst ? -place : place;
	}

	/** One place alone, or none. */
	static Candidates only(long only) {
		return new Candidates() {

			@Override
			public long next(long place) {
				return (place <= only) ? only : NONE;
			}

			@Override
			public long size() {
				return 1;
			}

		};
	}

}
