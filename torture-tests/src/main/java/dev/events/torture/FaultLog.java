package dev.events.torture;

import java.util.ArrayList;
import java.util.List;

import dev.events.torture.check.Fault;

/**
 * What went wrong so far. Thread-safe.
 */
final class FaultLog {

	static final String ALL = "*";

	private final long begin = System.nanoTime();

	private final List<Fault> faults = new ArrayList<>();

	synchronized void add(Fault.Kind kind, String worker, long start, long end) {
		this.faults.add(new Fault(kind, worker, start, end));
		System.out.printf("%8.3f  %-20s %-6s %6d ms%n", (start - this.begin) / 1e9, kind, worker,
				(end - start) / 1_000_000);
	}

	synchronized List<Fault> list() {
		return List.copyOf(this.faults);
	}

}
