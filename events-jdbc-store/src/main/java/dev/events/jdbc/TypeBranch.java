package dev.events.jdbc;

import java.util.ArrayList;
import java.util.List;

import dev.events.EventPattern;
import dev.events.store.EventCriteria;

/**
 * A part of the events of a query, by their types.
 *
 * @param types of one of these, or of all types when there are none
 * @param except but of none of these
 */
record TypeBranch(List<EventPattern> types, List<EventPattern> except) {

	private static final int MOST = 16;

	/** Everything in one. */
	static TypeBranch all(EventCriteria criteria) {
		return new TypeBranch(criteria.types(), List.of());
	}

	/**
	 * Parts that have no event in common, one for each type or pattern; one for all where
	 * that makes no difference, since there are few events, or would be too many.
	 */
	static List<TypeBranch> of(EventCriteria criteria) {
		if (criteria.types().size() > MOST || criteria.key() != null || criteria.correlationId() != null) {
			return List.of(all(criteria));
		}
		List<EventPattern> patterns = new ArrayList<>();
		List<TypeBranch> branches = new ArrayList<>();
		criteria.types().stream().distinct().filter((type) -> !type.isLiteral()).forEach((pattern) -> {
			branches.add(new TypeBranch(List.of(pattern), List.copyOf(patterns)));
			patterns.add(pattern);
		});
		criteria.types()
			.stream()
			.distinct()
			.filter(EventPattern::isLiteral)
			.filter((type) -> patterns.stream().noneMatch((pattern) -> pattern.matches(type.toString())))
			.forEach((type) -> branches.add(new TypeBranch(List.of(type), List.of())));
		return branches.isEmpty() ? List.of(all(criteria)) : List.copyOf(branches);
	}

}
