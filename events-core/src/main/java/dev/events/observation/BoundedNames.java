package dev.events.observation;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Names as values of low cardinality: their number is a matter of those that publish and
 * subscribe, so beyond a bound all others are the same one. Thread-safe.
 */
final class BoundedNames {

	/** What stands for all names beyond the bound, as in the statistics of the bus. */
	static final String OTHER = "(other)";

	private static final int MAX_NAMES = 1000;

	private final Set<String> names = ConcurrentHashMap.newKeySet();

	/** The name itself, or {@link #OTHER}. */
	String bounded(String name) {
		if (this.names.contains(name)) {
			return name;
		}
		// a few more than that when several come at the same time
		if (this.names.size() >= MAX_NAMES) {
			return OTHER;
		}
		this.names.add(name);
		return name;
	}

}
