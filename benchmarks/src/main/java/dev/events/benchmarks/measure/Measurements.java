package dev.events.benchmarks.measure;

import java.util.List;

/**
 * Everything that can be measured.
 */
public final class Measurements {

	private static final List<Measurement> ALL = List.of(new Throughput("publish-1", 1, 1, true, false),
			new Throughput("publish-100", 100, 1, true, false), new Throughput("publish-1-only", 1, 1, false, false),
			new Throughput("publish-1-one-thread", 1, 1, false, true),
			new Throughput("publish-100-only", 100, 1, false, false),
			new Throughput("publish-100-one-thread", 100, 1, false, true), new Buffered(), new Drain("drain", 1),
			new Drain("drain-10", 10), new Replaying(), new Webhooks(),
			new Throughput("publish-1-to-10", 1, 10, true, false), new Latency("latency", false),
			new Latency("latency-other-node", true), new Statements(), new HeldTransaction("held-snapshot", false),
			new HeldTransaction("held-write", true), new GrowingLog(), new Scheduled());

	private Measurements() {
	}

	public static List<Measurement> all() {
		return ALL;
	}

}
