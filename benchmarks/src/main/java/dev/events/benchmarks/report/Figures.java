package dev.events.benchmarks.report;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The figures of one measurement: for each contender and each figure one value of each
 * round.
 */
public final class Figures {

	private final Map<String, Map<String, List<Double>>> values = new LinkedHashMap<>();

	private final List<String> notes = new ArrayList<>();

	public void add(String contender, String figure, double value) {
		this.values.computeIfAbsent(contender, (key) -> new LinkedHashMap<>())
			.computeIfAbsent(figure, (key) -> new ArrayList<>())
			.add(value);
	}

	/** Something that is not a number, shown below the table. */
	public void note(String text) {
		this.notes.add(text);
	}

	List<String> notes() {
		return this.notes;
	}

	Set<String> contenders() {
		return this.values.keySet();
	}

	List<String> figures() {
		return this.values.values().stream().flatMap((figures) -> figures.keySet().stream()).distinct().toList();
	}

	/** The values of all rounds, sorted; empty where the contender does not do that. */
	List<Double> sorted(String contender, String figure) {
		return this.values.getOrDefault(contender, Map.of()).getOrDefault(figure, List.of()).stream().sorted().toList();
	}

	/** The median over the rounds, or NaN. */
	double median(String contender, String figure) {
		List<Double> sorted = sorted(contender, figure);
		if (sorted.isEmpty()) {
			return Double.NaN;
		}
		int middle = sorted.size() / 2;
		return (sorted.size() % 2 == 1) ? sorted.get(middle) : (sorted.get(middle - 1) + sorted.get(middle)) / 2;
	}

}
