package dev.events.redis;

import java.util.ArrayList;
import java.util.List;

/**
 * Reads the index of the log in one direction, for one query.
 */
final class IndexReader {

	private static final int LISTS_AT_ONCE = 200;

	private final RedisCalls calls;

	private final boolean newestFirst;

	IndexReader(RedisCalls calls, boolean newestFirst) {
		this.calls = calls;
		this.newestFirst = newestFirst;
	}

	/** What is indexed at this moment. What is read later is at least that. */
	State state(boolean types) {
		Answer answer = this.calls.run("read the index", Script.INDEX_STATE, new Arguments().add(types));
		List<String> known = new ArrayList<>();
		for (int i = 1; i < answer.size(); i++) {
			known.add(answer.string(i));
		}
		return new State(answer.number(0), known);
	}

	/** Lets lists take what they have from a place on. */
	void read(List<PostingList> lists, long place, int chunks) {
		for (int i = 0; i < lists.size(); i += LISTS_AT_ONCE) {
			readAtOnce(lists.subList(i, Math.min(lists.size(), i + LISTS_AT_ONCE)), place, chunks);
		}
	}

	private void readAtOnce(List<PostingList> lists, long place, int chunks) {
		long position = Candidates.turn(place, this.newestFirst);
		Arguments arguments = new Arguments().add(this.newestFirst).add(chunks);
		lists.forEach((list) -> arguments.add(String.valueOf(list.field())).add(list.value()).add(position));
		List<Answer> answers = this.calls.run("read the index", Script.INDEX_LISTS, arguments).lists();
		for (int i = 0; i < lists.size(); i++) {
			lists.get(i).take(answers.get(i), this.newestFirst);
		}
	}

	/** Lets stretches take what they have from a place on. */
	void read(TimeStretches stretches, long place, long lowest, long highest) {
		stretches.take(this.calls.run("read the index", Script.INDEX_TIMES,
				new Arguments().add(this.newestFirst)
					.add(Candidates.turn(place, this.newestFirst))
					.add(lowest)
					.add(highest)),
				this.newestFirst);
	}

	/**
	 * What is indexed.
	 *
	 * @param upTo up to this position everything is
	 * @param types the types of the events there, if they were wanted
	 */
	record State(long upTo, List<String> types) {

	}

}
