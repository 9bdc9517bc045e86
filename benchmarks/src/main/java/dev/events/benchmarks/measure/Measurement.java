package dev.events.benchmarks.measure;

import java.util.EnumSet;
import java.util.Set;

import dev.events.benchmarks.Options;
import dev.events.benchmarks.contender.Entrant;
import dev.events.benchmarks.report.Figures;
import dev.events.benchmarks.server.BenchmarkDatabase;
import dev.events.benchmarks.server.Store;

/**
 * One thing that is measured. It is run for every contender in each round, on an empty
 * database each time.
 */
public interface Measurement {

	/** Its name on the command line. */
	String name();

	/** What it measures. */
	String title();

	/** Whether the contender can take part. */
	boolean admits(Entrant entrant);

	/** The stores on which it can be measured. */
	default Set<Store> stores() {
		return EnumSet.allOf(Store.class);
	}

	/** Runs one round for one contender. */
	void run(Entrant entrant, BenchmarkDatabase database, Options options, Figures figures);

}
