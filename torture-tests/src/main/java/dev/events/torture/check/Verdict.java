package dev.events.torture.check;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What the checker found.
 */
public final class Verdict {

	private static final int SHOWN = 20;

	private final Map<Kind, Integer> violations = new EnumMap<>(Kind.class);

	private final Map<Kind, List<String>> details = new EnumMap<>(Kind.class);

	private final Map<String, Object> counts = new LinkedHashMap<>();

	/** Something is wrong. */
	public void violation(Kind kind, String detail) {
		this.violations.merge(kind, 1, Integer::sum);
		List<String> shown = this.details.computeIfAbsent(kind, (first) -> new ArrayList<>());
		if (shown.size() < SHOWN) {
			shown.add(detail);
		}
	}

	/** Something worth knowing. */
	public void count(String name, Object value) {
		this.counts.put(name, value);
	}

	/** How often something of that kind was wrong. */
	public int violations(Kind kind) {
		return this.violations.getOrDefault(kind, 0);
	}

	/** Whether nothing is wrong. */
	public boolean isGood() {
		return this.violations.isEmpty();
	}

	/** For people. */
	@Override
	public String toString() {
		StringBuilder text = new StringBuilder();
		this.counts.forEach((name, value) -> text.append("%-28s %s%n".formatted(name, value)));
		for (Kind kind : Kind.values()) {
			text.append("%-28s %d%n".formatted(kind.text, violations(kind)));
			this.details.getOrDefault(kind, List.of())
				.forEach((detail) -> text.append("    ").append(detail).append(System.lineSeparator()));
		}
		return text.append(isGood() ? "GOOD" : "BAD").toString();
	}

	/**
	 * Kinds of violations.
	 */
	public enum Kind {

		/** Committed, but some subscriber neither succeeded nor gave it up. */
		LOST("lost"),

		/** Handled, but not committed, or not as it was published. */
		INVENTED("delivered though rolled back"),

		/** Handled before an earlier one of its key was done. */
		ORDER("order violations"),

		/** Two calls for one key of a subscriber at the same time. */
		OVERLAP("overlaps of a key"),

		/** Handled again without a reason. */
		DUPLICATE("unexplained duplicates"),

		/** A replay has left out something, or come in disorder. */
		REPLAY("wrong replays"),

		/** The effect of a transactional subscriber is missing or there twice. */
		EFFECT("wrong effects"),

		/** Attempts of a delivery do not add up. */
		ATTEMPTS("wrong attempts"),

		/** The log does not hold what was committed. */
		LOG("wrong log"),

		/** The run shows nothing, or did not come to an end. */
		RUN("faults of the run");

		private final String text;

		Kind(String text) {
			this.text = text;
		}

	}

}
