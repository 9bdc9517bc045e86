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
 * How fast events are delivered again, beside how fast the same ones were delivered as a
 * backlog, in one process.
 */
final class Replaying implements Measurement {

	private static final long PATIENCE = 900_000_000_000L;

	@Override
	public String name() {
		return "replay";
	}

	@Override
	public String title() {
		return "The same events as a backlog, and again in a replay";
	}

	@Override
	public boolean admits(Entrant entrant) {
		return entrant.abilities().contains(Ability.REPLAY);
	}

	@Override
	public void run(Entrant entrant, BenchmarkDatabase database, Options options, Figures figures) {
		Sink sink = new Sink();
		Setup setup = new Setup(database, Role.SUBSCRIBER, 1, sink);
		// makes its subscription known
		entrant.start(setup).close();
		try (Contender publisher = entrant.start(setup.withRole(Role.PUBLISHER))) {
			Load.backlog(publisher, options.backlog());
		}
		long events = options.backlog();
		long start = System.nanoTime();
		try (Contender subscriber = entrant.start(setup)) {
			long drained = await(sink, events, start, entrant, figures);
			figures.add(entrant.name(), "drained, events/s", events * 1e9 / (drained - start));
			subscriber.replay();
			long replayed = await(sink, 2 * events, drained, entrant, figures);
			figures.add(entrant.name(), "replayed, events/s", events * 1e9 / (replayed - drained));
		}
	}

	/**
	 * When so many are handled. The start of the node, and the count before the replay,
	 * are part of the time.
	 */
	private static long await(Sink sink, long count, long start, Entrant entrant, Figures figures) {
		if (!sink.await(count, start + PATIENCE)) {
			figures.note(entrant.name() + " had delivered " + sink.handled() + " of " + count);
		}
		return System.nanoTime();
	}

}
