package dev.events.benchmarks;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

import dev.events.benchmarks.contender.Entrant;
import dev.events.benchmarks.contender.Entrants;
import dev.events.benchmarks.measure.Measurement;
import dev.events.benchmarks.measure.Measurements;
import dev.events.benchmarks.report.Figures;
import dev.events.benchmarks.report.MarkdownTable;
import dev.events.benchmarks.server.BenchmarkDatabase;
import dev.events.benchmarks.server.BenchmarkServer;
import dev.events.benchmarks.server.Store;

/**
 * The command: measures the parts that are named, or all, and prints tables. Contenders
 * take turns within each round, so that a slow moment of the machine hits all of them.
 */
public final class Benchmarks {

	private Benchmarks() {
	}

	public static void main(String... arguments) {
		Options options = Options.parse(arguments);
		List<Measurement> measurements = Measurements.all()
			.stream()
			.filter((measurement) -> options.parts().isEmpty() ? measurement.stores().contains(options.store())
					: options.parts().contains(measurement.name()))
			.toList();
		if (measurements.isEmpty()) {
			print("Parts: " + Measurements.all().stream().map(Measurement::name).toList());
			print("Contenders: " + contenders());
			print("Options: " + Options.describe());
			return;
		}
		try (BenchmarkServer server = options.store().start()) {
			printConditions(server, options);
			for (Measurement measurement : measurements) {
				print(MarkdownTable.of(measurement.title(), measure(server, measurement, options)));
			}
		}
		// what a contender left running must not keep us
		System.exit(0);
	}

	private static Figures measure(BenchmarkServer server, Measurement measurement, Options options) {
		Figures figures = new Figures();
		List<Entrant> entrants = Entrants.of(options.store())
			.stream()
			.filter((entrant) -> options.wants(entrant.name()) && measurement.admits(entrant))
			.toList();
		// one round that does not count, for the compiler of the JVM
		for (int round = options.skipsFirst() ? 0 : 1; round <= options.rounds(); round++) {
			if (round == 1) {
				figures = new Figures();
			}
			for (Entrant entrant : entrants) {
				BenchmarkDatabase database = server.createDatabase();
				try {
					measurement.run(entrant, database, options, figures);
				}
				catch (RuntimeException ex) {
					figures.note(entrant.name() + " failed: " + ex);
					ex.printStackTrace();
				}
				finally {
					server.drop(database);
				}
			}
			printProgress(measurement.name() + ", round " + round + ", load " + load());
		}
		return figures;
	}

	private static List<String> contenders() {
		return Arrays.stream(Store.values())
			.flatMap((store) -> Entrants.of(store)
				.stream()
				.map((entrant) -> entrant.name() + " (" + store.name().toLowerCase(Locale.ROOT) + ")"))
			.toList();
	}

	private static void printConditions(BenchmarkServer server, Options options) {
		print("- " + Instant.now() + ", options " + options);
		print("- " + Runtime.version() + ", " + Runtime.getRuntime().availableProcessors() + " processors, heap "
				+ Runtime.getRuntime().maxMemory() / 1024 / 1024 + " MB, load " + load());
		print("- " + server.describe());
		print("");
	}

	private static String load() {
		try {
			return Files.readString(Path.of("/proc/loadavg")).trim().toLowerCase(Locale.ROOT);
		}
		catch (IOException ex) {
			return "unknown";
		}
	}

	private static void printProgress(String line) {
		System.err.println(line);
	}

	private static void print(String line) {
		System.out.println(line);
	}

}
