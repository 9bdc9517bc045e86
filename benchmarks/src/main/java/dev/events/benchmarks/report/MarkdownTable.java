package dev.events.benchmarks.report;

import java.util.List;
import java.util.Locale;

/**
 * Writes figures as a table: medians, in parentheses lowest and highest round, and how
 * the first contender compares with the others.
 */
public final class MarkdownTable {

	private MarkdownTable() {
	}

	public static String of(String title, Figures figures) {
		StringBuilder table = new StringBuilder("### ").append(title).append("\n\n");
		List<String> columns = figures.figures();
		table.append("| contender |");
		columns.forEach((column) -> table.append(' ').append(column).append(" |"));
		table.append("\n|---|").append("---|".repeat(columns.size())).append('\n');
		String first = figures.contenders().stream().findFirst().orElse("");
		for (String contender : figures.contenders()) {
			table.append("| ").append(contender).append(" |");
			for (String column : columns) {
				table.append(' ').append(cell(figures, first, contender, column)).append(" |");
			}
			table.append('\n');
		}
		figures.notes().forEach((note) -> table.append('\n').append(note).append('\n'));
		return table.toString();
	}

	private static String cell(Figures figures, String first, String contender, String column) {
		List<Double> values = figures.sorted(contender, column);
		if (values.isEmpty()) {
			return "–";
		}
		double median = figures.median(contender, column);
		String cell = number(median);
		if (values.size() > 1) {
			cell += " (" + number(values.get(0)) + "–" + number(values.get(values.size() - 1)) + ")";
		}
		double ours = figures.median(first, column);
		if (!contender.equals(first) && !Double.isNaN(ours) && median != 0) {
			cell += ", " + first + " is " + String.format(Locale.ROOT, "%.2f ×", ours / median);
		}
		return cell;
	}

	private static String number(double value) {
		if (Math.abs(value) >= 100) {
			return String.format(Locale.ROOT, "%,.0f", value);
		}
		return String.format(Locale.ROOT, (Math.abs(value) >= 10) ? "%.1f" : "%.2f", value);
	}

}
