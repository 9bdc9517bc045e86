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
import dev.events.benchmarks.server.CpuTime;

/**
 * How many events are published while delivery runs, and how many arrive: events divided
 * by the time from the first publication to the last delivery.
 */
final class Throughput implements Measurement {

	private final String name;

	private final int batch;

	private final int subscribers;

	private final boolean delivery;

	private final boolean oneThread;

	/**
	 * Creates a measurement.
	 * @param batch events published at a time, in one transaction where there are
	 * transactions
	 * @param delivery whether delivery runs
	 * @param oneThread whether there is one publisher, whatever the options say
	 */
	Throughput(String name, int batch, int subscribers, boolean delivery, boolean oneThread) {
		this.name = name;
		this.batch = batch;
		this.subscribers = subscribers;
		this.delivery = delivery;
		this.oneThread = oneThread;
	}

	@Override
	public String name() {
		return this.name;
	}

	@Override
	public String title() {
		return "Published" + (this.delivery ? " and delivered" : ", no delivery running") + ": " + this.batch
				+ ((this.batch == 1) ? " event" : " events") + " at a time, "
				+ (this.oneThread ? "one publisher" : "publishers in parallel") + ", " + this.subscribers
				+ ((this.subscribers == 1) ? " subscriber" : " subscribers");
	}

	@Override
	public boolean admits(Entrant entrant) {
		return this.subscribers == 1 || entrant.abilities().contains(Ability.SUBSCRIBERS);
	}

	@Override
	public void run(Entrant entrant, BenchmarkDatabase database, Options options, Figures figures) {
		Sink sink = new Sink();
		boolean delivers = this.delivery && entrant.abilities().contains(Ability.BOTH_AT_ONCE);
		Setup setup = new Setup(database, delivers ? Role.BOTH : Role.PUBLISHER, this.subscribers, sink);
		int threads = this.oneThread ? 1 : options.threads();
		try (Contender contender = entrant.start(setup)) {
			long before = Load.publish(contender, threads, this.batch, options.warmup());
			if (delivers && !sink.await(before * this.subscribers, patience(options))) {
				figures.note(entrant.name() + " had not delivered what was published to warm up");
			}
			long handledBefore = sink.handled();
			CpuTime cpuBefore = CpuTime.now(database);
			long start = System.nanoTime();
			long published = Load.publish(contender, threads, this.batch, options.duration());
			figures.add(entrant.name(), "published/s", perSecond(published, start));
			if (delivers) {
				sink.await((before + published) * this.subscribers, patience(options));
				long handled = sink.handled() - handledBefore;
				figures.add(entrant.name(), "delivered/s", perSecond(handled / this.subscribers, start));
			}
			CpuTime cpu = CpuTime.now(database).since(cpuBefore);
			figures.add(entrant.name(), "JVM CPU, µs/event", cpu.client() / 1e3 / published);
			figures.add(entrant.name(), "server CPU, µs/event", cpu.server() / 1e3 / published);
		}
	}

	private static long patience(Options options) {
		return System.nanoTime() + 3 * options.duration().toNanos();
	}

	private static double perSecond(long count, long start) {
		return count * 1e9 / (System.nanoTime() - start);
	}

}
