package dev.events.benchmarks;

import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

import dev.events.benchmarks.server.Store;

/**
 * What the command line says: names of parts, and {@code --option=value}.
 */
public final class Options {

	private static final Map<String, String> DEFAULTS = defaults();

	private final List<String> parts = new ArrayList<>();

	private final Map<String, String> values = new LinkedHashMap<>(DEFAULTS);

	private static Map<String, String> defaults() {
		Map<String, String> defaults = new LinkedHashMap<>();
		defaults.put("store", "postgres");
		defaults.put("contenders", "all");
		defaults.put("rounds", "3");
		defaults.put("skip-first", "true");
		defaults.put("warmup", "2");
		defaults.put("seconds", "5");
		defaults.put("threads", "8");
		defaults.put("backlog", "100000");
		defaults.put("hold", "600");
		defaults.put("rows", "5000000");
		return defaults;
	}

	static Options parse(String... arguments) {
		Options options = new Options();
		for (String argument : arguments) {
			if (!argument.startsWith("--")) {
				options.parts.add(argument);
				continue;
			}
			int equals = argument.indexOf('=');
			String name = (equals < 0) ? argument.substring(2) : argument.substring(2, equals);
			if (equals < 0 || !DEFAULTS.containsKey(name)) {
				throw new IllegalArgumentException("Unknown option " + argument + "; there are " + describe());
			}
			options.values.put(name, argument.substring(equals + 1));
		}
		return options;
	}

	static String describe() {
		List<String> options = new ArrayList<>();
		DEFAULTS.forEach((name, value) -> options.add("--" + name + "=" + value));
		return String.join(" ", options);
	}

	List<String> parts() {
		return this.parts;
	}

	/** What events are kept in. */
	public Store store() {
		return Store.valueOf(value("store").toUpperCase(Locale.ROOT));
	}

	/** Whether a contender was asked for. */
	boolean wants(String contender) {
		String contenders = value("contenders");
		return "all".equals(contenders) || Set.of(contenders.split(",")).contains(contender);
	}

	int rounds() {
		return Integer.parseInt(value("rounds"));
	}

	/** Whether a round is run before those that count. */
	boolean skipsFirst() {
		return Boolean.parseBoolean(value("skip-first"));
	}

	public int threads() {
		return Integer.parseInt(value("threads"));
	}

	public int backlog() {
		return Integer.parseInt(value("backlog"));
	}

	public long rows() {
		return Long.parseLong(value("rows"));
	}

	/** How long each round takes. */
	public Duration duration() {
		return seconds("seconds");
	}

	/** How long each round runs before it counts. */
	public Duration warmup() {
		return seconds("warmup");
	}

	/** How long transactions are held open. */
	public Duration hold() {
		return seconds("hold");
	}

	private Duration seconds(String name) {
		return Duration.ofMillis(Math.round(Double.parseDouble(value(name)) * 1000));
	}

	private String value(String name) {
		String value = this.values.get(name);
		if (value == null) {
			throw new IllegalArgumentException(name);
		}
		return value;
	}

	@Override
	public String toString() {
		List<String> options = new ArrayList<>(this.parts);
		this.values.forEach((name, value) -> options.add("--" + name + "=" + value));
		return String.join(" ", options);
	}

}
