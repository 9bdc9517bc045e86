package dev.events.redis;

import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.function.Predicate;

import dev.events.EventPattern;
import dev.events.store.EventCriteria;

/**
 * Looks up in the index where events may be that meet criteria, for one query. What it
 * finds is complete up to {@link #upTo}; behind that the log has to be walked.
 */
final class IndexSearch {

	private static final String EVERY_TYPE = "**";

	private final StreamReader reader;

	private final IndexReader index;

	private final boolean newestFirst;

	private final long upTo;

	private final List<String> types;

	/**
	 * Begins.
	 * @param wildcards whether types are looked up by something else than their names
	 */
	IndexSearch(RedisCalls calls, StreamReader reader, boolean newestFirst, boolean wildcards) {
		this.reader = reader;
		this.index = new IndexReader(calls, newestFirst);
		this.newestFirst = newestFirst;
		IndexReader.State state = this.index.state(wildcards);
		this.upTo = state.upTo();
		this.types = state.types();
	}

	/** Whether the index knows anything about the criteria. */
	static boolean isFor(EventCriteria criteria) {
		return hasTypes(criteria) || criteria.source() != null || criteria.key() != null
				|| criteria.organization() != null || criteria.correlationId() != null || criteria.since() != null
				|| criteria.until() != null;
	}

	private static boolean hasTypes(EventCriteria criteria) {
		return !criteria.types().isEmpty()
				&& criteria.types().stream().noneMatch((type) -> type.toString().equals(EVERY_TYPE));
	}

	static boolean hasWildcards(EventCriteria criteria) {
		return hasTypes(criteria) && !criteria.types().stream().allMatch(EventPattern::isLiteral);
	}

	/** Up to this position everything was indexed when the search began. */
	long upTo() {
		return this.upTo;
	}

	/**
	 * Where there may be events that meet the criteria.
	 * @param from place from which on they are wanted
	 * @return {@link TimeStretches}, if nothing better is known
	 */
	Candidates candidates(EventCriteria criteria, long from) {
		List<Candidates> parts = new ArrayList<>();
		List<PostingList> others = others(criteria);
		List<PostingList> ofTypes = typeLists(criteria);
		boolean byType = hasTypes(criteria) && !(hasWildcards(criteria) && ofTypes.size() == this.types.size());
		read(byType ? ofTypes : List.of(), others, from);
		for (PostingList other : others) {
			parts.add((other.field() == 'c') ? chain(other) : other);
		}
		if (byType) {
			parts.add(new AnyOf<>(ofTypes));
		}
		if (parts.isEmpty()) {
			return new TimeStretches(this.index, criteria.since(), criteria.until());
		}
		if (criteria.since() != null || criteria.until() != null) {
			parts.add(new TimeStretches(this.index, criteria.since(), criteria.until()));
		}
		return new AllOf(parts);
	}

	/**
	 * Where there are events of some types that meet the other criteria, each type for
	 * itself. Time, correlation id and metadata are not among them.
	 */
	Counting counting(Predicate<String> types, EventCriteria criteria, long from) {
		List<PostingList> others = others(criteria);
		List<PostingList> ofTypes = this.types.stream().filter(types).map((type) -> list('t', type)).toList();
		read(ofTypes, others, from);
		AnyOf<PostingList> byType = new AnyOf<>(ofTypes);
		List<Candidates> parts = new ArrayList<>(others);
		parts.add(byType);
		return new Counting(new AllOf(parts), byType);
	}

	private List<PostingList> typeLists(EventCriteria criteria) {
		if (hasWildcards(criteria)) {
			return this.types.stream()
				.filter((type) -> criteria.types().stream().anyMatch((pattern) -> pattern.matches(type)))
				.map((type) -> list('t', type))
				.toList();
		}
		return criteria.types().stream().distinct().map((type) -> list('t', type.toString())).toList();
	}

	private List<PostingList> others(EventCriteria criteria) {
		List<PostingList> lists = new ArrayList<>();
		if (criteria.source() != null) {
			lists.add(list('s', criteria.source()));
		}
		if (criteria.key() != null) {
			lists.add(list('k', criteria.key()));
		}
		if (criteria.organization() != null) {
			lists.add(list('o', criteria.organization()));
		}
		if (criteria.correlationId() != null) {
			lists.add(list('c', criteria.correlationId()));
		}
		return lists;
	}

	private PostingList list(char field, String value) {
		return new PostingList(this.index, field, value);
	}

	/** The beginnings of all lists at once. */
	private void read(List<PostingList> some, List<PostingList> others, long from) {
		List<PostingList> all = new ArrayList<>(some);
		all.addAll(others);
		long first = Math.max(from, this.newestFirst ? -this.upTo : 0);
		this.index.read(all, first, 1);
	}

	/** The first event of a chain is in no list: the correlation id is its own id. */
	private Candidates chain(PostingList others) {
		long first;
		try {
			first = this.reader.positionOf(UUID.fromString(others.value()));
		}
		catch (IllegalArgumentException ex) {
			return others;
		}
		return (first > 0) ? new AnyOf<>(List.of(others, Candidates.only(Candidates.turn(first, this.newestFirst))))
				: others;
	}

	/**
	 * Places of events with their types.
	 *
	 * @param places the places
	 * @param types has the list of the type of the place that was answered last
	 */
	record Counting(Candidates places, AnyOf<PostingList> types) {

		String type() {
			return this.types.part().value();
		}

	}

}
