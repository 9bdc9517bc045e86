package dev.events.benchmarks.measure;

import dev.events.benchmarks.Options;
import dev.events.benchmarks.contender.Contender;
import dev.events.benchmarks.contender.Entrant;
import dev.events.benchmarks.contender.Entrant.Ability;
import dev.events.benchmarks.contender.Setup;
import dev.events.benchmarks.contender.Setup.Role;
import dev.events.benchmarks.contender.Sink;
import dev.events.benchmarks.report.Figures;
import dev.events.benchmarks.server.BenchmarkDatabase;

/**
 * How fast a backlog is delivered by a node that starts.
 */
final class Drain implements Measurement {

	private static final long PATIENCE = 300_000_000_000L;

	private final String name;

	private final int subscribers;

	Drain(String name, int subscribers) {
		this.name = name;
		this.subscribers = subscribers;
	}

	@Override
	public String name() {
		return this.name;
	}

	@Override
	public String title() {
		return "Backlog, delivered by a node that starts, " + this.subscribers
				+ ((this.subscribers == 1) ? " subscriber" : " subscribers");
	}

	@Override
	public boolean admits(Entrant entrant) {
		return entrant.abilities().contains(Ability.DELIVERY)
				&& (this.subscribers == 1 || entrant.abilities().contains(Ability.SUBSCRIBERS));
	}

	@Override
	public void run(Entrant entrant, BenchmarkDatabase database, Options options, Figures figures) {
		Sink sink = new Sink();
		Setup setup = new Setup(database, Role.SUBSCRIBER, this.subscribers, sink);
		// makes its subscriptions known
		entrant.start(setup).close();
		try (Contender publisher = entrant.start(setup.withRole(Role.PUBLISHER))) {
			Load.backlog(publisher, options.backlog());
		}
		long all = (long) options.backlog() * this.subscribers;
		long start = System.nanoTime();
		// the context starts in this thread, delivery may begin before that has ended
		Clock clock = new Clock(sink);
		clock.start();
		Contender subscriber = entrant.start(setup);
		try {
			if (!sink.await(all, start + PATIENCE)) {
				figures.note(entrant.name() + " had delivered " + sink.handled() + " of " + all + " after "
						+ PATIENCE / 1_000_000_000 + " s");
			}
			long end = System.nanoTime();
			long first = clock.end();
			figures.add(entrant.name(), "events/s",
					sink.handled() / (double) this.subscribers * 1e9 / Math.max(1, end - first));
			figures.add(entrant.name(), "first to last, s", (end - first) / 1e9);
			figures.add(entrant.name(), "start to last, s", (end - start) / 1e9);
		}
		finally {
			subscriber.close();
		}
	}

	/** Notes when the first event is handled. */
	private static final class Clock extends Thread {

		private final Sink sink;

		private volatile long first = System.nanoTime();

		Clock(Sink sink) {
			super("clock");
			this.sink = sink;
			setDaemon(true);
		}

		@Override
		public void run() {
			if (this.sink.await(1, System.nanoTime() + PATIENCE)) {
				this.first = System.nanoTime();
			}
		}

		long end() {
			interrupt();
			return this.first;
		}

	}

}
