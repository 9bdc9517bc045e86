package dev.events.benchmarks.measure;

import java.util.concurrent.locks.LockSupport;

import dev.events.benchmarks.Options;
import dev.events.benchmarks.contender.Contender;
import dev.events.benchmarks.contender.Entrant;
import dev.events.benchmarks.contender.Entrant.Ability;
import dev.events.benchmarks.contender.Order;
import dev.events.benchmarks.contender.Setup;
import dev.events.benchmarks.contender.Setup.Role;
import dev.events.benchmarks.contender.Sink;
import dev.events.benchmarks.report.Figures;
import dev.events.benchmarks.server.BenchmarkDatabase;

/**
 * How long it takes from the call that publishes, transaction and commit included, to the
 * subscriber, at 200 events a second.
 */
final class Latency implements Measurement {

	private static final long INTERVAL = 5_000_000;

	private final String name;

	private final boolean otherNode;

	Latency(String name, boolean otherNode) {
		this.name = name;
		this.otherNode = otherNode;
	}

	@Override
	public String name() {
		return this.name;
	}

	@Override
	public String title() {
		return "From publishing to the subscriber on " + (this.otherNode ? "another" : "the same")
				+ " node, 200 events/s, milliseconds";
	}

	@Override
	public boolean admits(Entrant entrant) {
		return entrant.abilities().contains(this.otherNode ? Ability.OTHER_NODE : Ability.BOTH_AT_ONCE);
	}

	@Override
	public void run(Entrant entrant, BenchmarkDatabase database, Options options, Figures figures) {
		Sink sink = new Sink();
		Setup setup = new Setup(database, this.otherNode ? Role.SUBSCRIBER : Role.BOTH, 1, sink);
		Contender node = entrant.start(setup);
		try {
			if (this.otherNode) {
				try (Contender publisher = entrant.start(setup.withRole(Role.PUBLISHER))) {
					measure(entrant, publisher, sink, options, figures);
				}
			}
			else {
				measure(entrant, node, sink, options, figures);
			}
		}
		finally {
			node.close();
		}
	}

	private static void measure(Entrant entrant, Contender publisher, Sink sink, Options options, Figures figures) {
		long count = publish(publisher, options.warmup().toNanos());
		sink.await(count, System.nanoTime() + 10_000_000_000L);
		sink.record(true);
		count += publish(publisher, options.duration().toNanos());
		boolean complete = sink.await(count, System.nanoTime() + 10_000_000_000L);
		if (!complete) {
			figures.note(entrant.name() + " did not deliver everything");
		}
		long[] latencies = sink.latencies();
		figures.add(entrant.name(), "p50", percentile(latencies, 0.5));
		figures.add(entrant.name(), "p99", percentile(latencies, 0.99));
		figures.add(entrant.name(), "p99.9", percentile(latencies, 0.999));
	}

	private static long publish(Contender contender, long nanos) {
		long start = System.nanoTime();
		long count = 0;
		while (count * INTERVAL < nanos) {
			long wait;
			while ((wait = start + count * INTERVAL - System.nanoTime()) > 0) {
				LockSupport.parkNanos(wait);
			}
			contender.publish(Order.next());
			count++;
		}
		return count;
	}

	private static double percentile(long[] sorted, double share) {
		if (sorted.length == 0) {
			return Double.NaN;
		}
		int index = (int) Math.ceil(share * sorted.length) - 1;
		return sorted[Math.max(0, index)] / 1e6;
	}

}
