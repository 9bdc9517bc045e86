package dev.events.redis;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;

/**
 * The positions of the events that have a value in a field, which are read from the index
 * bit by bit; see {@code postings.lua}.
 */
final class PostingList implements Candidates {

	private static final int IN_CHUNK = 256;

	private static final int MOST_CHUNKS = 32;

	private static final long[] NOTHING = {};

	private final IndexReader index;

	private final char field;

	private final String value;

	private long[] places = NOTHING;

	// before this one all are passed
	private int at;

	// where the places that were read end
	private long resume = Long.MIN_VALUE;

	private boolean isRead;

	private int chunks = 1;

	private long size;

	PostingList(IndexReader index, char field, String value) {
		this.index = index;
		this.field = field;
		this.value = value;
	}

	char field() {
		return this.field;
	}

	String value() {
		return this.value;
	}

	@Override
	public long size() {
		return this.size;
	}

	@Override
	public long next(long place) {
		while (true) {
			int found = Arrays.binarySearch(this.places, this.at, this.places.length, place);
			this.at = (found >= 0) ? found : -found - 1;
			if (this.at < this.places.length) {
				return this.places[this.at];
			}
			if (this.isRead) {
				return NONE;
			}
			// ever more while they are read one after the other
			this.chunks = (place <= this.resume) ? Math.min(MOST_CHUNKS, this.chunks * 2) : 1;
			this.index.read(List.of(this), Math.max(place, this.resume), this.chunks);
		}
	}

	/**
	 * Takes what was read.
	 * @param answer of {@code index_lists.lua} for this list
	 */
	void take(Answer answer, boolean newestFirst) {
		this.isRead = answer.isTrue(0);
		int length = 0;
		for (int i = 2; i < answer.size(); i++) {
			length += length(answer.bytes(i));
		}
		this.size = answer.number(1) * IN_CHUNK + length;
		long[] places = new long[length];
		int end = 0;
		for (int i = 2; i < answer.size(); i++) {
			ByteBuffer chunk = ByteBuffer.wrap(answer.bytes(i));
			int count = length(chunk.array());
			long first = chunk.getLong();
			for (int j = 0; j < count; j++) {
				long position = (j == 0) ? first : first + Integer.toUnsignedLong(chunk.getInt());
				places[newestFirst ? end + count - 1 - j : end + j] = Candidates.turn(position, newestFirst);
			}
			end += count;
		}
		this.places = places;
		this.at = 0;
		this.resume = (length > 0) ? places[length - 1] + 1 : this.resume;
	}

	private static int length(byte[] chunk) {
		return (chunk.length - Long.BYTES) / Integer.BYTES + 1;
	}

}
