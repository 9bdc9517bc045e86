package dev.events.benchmarks.measure;

import java.util.concurrent.atomic.LongAdder;

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
 * How many events are durable each second when publishers do not wait; beside it, for
 * those that have no buffer, batches of 100 on one connection.
 */
final class Buffered implements Measurement {

	@Override
	public String name() {
		return "buffered";
	}

	@Override
	public String title() {
		return "Published through the buffer, no delivery running (raw: one connection, 100 at a time)";
	}

	@Override
	public boolean admits(Entrant entrant) {
		return entrant.abilities().contains(Ability.BUFFER) || !entrant.abilities().contains(Ability.BOTH_AT_ONCE);
	}

	@Override
	public void run(Entrant entrant, BenchmarkDatabase database, Options options, Figures figures) {
		try (Contender contender = entrant.start(new Setup(database, Role.PUBLISHER, 1, new Sink()))) {
			if (!entrant.abilities().contains(Ability.BUFFER)) {
				Load.publish(contender, 1, 100, options.warmup());
				long start = System.nanoTime();
				long published = Load.publish(contender, 1, 100, options.duration());
				figures.add(entrant.name(), "durable/s", published * 1e9 / (System.nanoTime() - start));
				return;
			}
			publish(contender, options.threads(), options.warmup().toNanos());
			long start = System.nanoTime();
			long published = publish(contender, options.threads(), options.duration().toNanos());
			figures.add(entrant.name(), "durable/s", published * 1e9 / (System.nanoTime() - start));
		}
	}

	/** Returns when everything is durable. */
	private static long publish(Contender contender, int threads, long nanos) {
		LongAdder completed = new LongAdder();
		long end = System.nanoTime() + nanos;
		long published = Load.inParallel(threads, () -> {
			long count = 0;
			while (System.nanoTime() - end < 0) {
				contender.publishAsync(Order.next()).whenComplete((result, failure) -> {
					if (failure == null) {
						completed.increment();
					}
				});
				count++;
			}
			return count;
		});
		long deadline = System.nanoTime() + 60_000_000_000L;
		while (completed.sum() < published) {
			if (System.nanoTime() - deadline > 0) {
				throw new IllegalStateException(published - completed.sum() + " events did not become durable");
			}
			Thread.onSpinWait();
		}
		return published;
	}

}
