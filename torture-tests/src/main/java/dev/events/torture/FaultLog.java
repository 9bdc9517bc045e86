package dev.events.torture;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

import dev.events.torture.check.Fault;

/**
 * What went wrong so far. Thread-safe.
 */
final class FaultLog {

	static final String ALL = "*";

	private final List<Fault> faults = new ArrayList<>();

	private final Consumer<String> printer;

	FaultLog(Consumer<String> printer) {
		this.printer = printer;
	}

	synchronized void add(Fault.Kind kind, String worker, long start, long end) {
		this.faults.add(new Fault(kind, worker, start, end));
		this.printer.accept("%.3f-%.3f %-19s %s".formatted(start / 1e9, end / 1e9, kind, worker));
	}

	synchronized List<Fault> list() {
		return List.copyOf(this.faults);
	}

}
