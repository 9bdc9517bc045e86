package dev.events.torture;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.Function;
import java.util.stream.Stream;

import dev.events.torture.check.Checker;
import dev.events.torture.check.Expectation;
import dev.events.torture.check.Fault;
import dev.events.torture.check.History;
import dev.events.torture.check.Journals;
import dev.events.torture.check.Published;
import dev.events.torture.check.Verdict;
import dev.events.torture.worker.Dice;

/**
 * One run: start everything, publish while {@link Chaos} reigns, wait until all is
 * delivered, check.
 */
public final class TortureRun {

	private static final int KEYS = 1000;

	private static final Duration LEASE = Duration.ofSeconds(2);

	private static final Duration PATIENCE = Duration.ofSeconds(60);

	private static final List<Expectation> EXPECTATIONS = List.of(
			new Expectation("plain", 4, 1, 4, false, false, (event) -> true, (id) -> false),
			new Expectation("narrow", 1, 1, 4, false, false, (event) -> event.seq() % 2 == 0, (id) -> false),
			new Expectation("slow", 4, 1, 4, false, false, (event) -> true, (id) -> false),
			new Expectation("flaky", 6, 1, 4, true, false, (event) -> true, Dice::isHopeless),
			new Expectation("holding", 4, 1, 2, false, false, (event) -> true, (id) -> false),
			new Expectation("hanging", 2, 1, 4, false, false, (event) -> event.seq() % 2 == 1, (id) -> false),
			new Expectation("batch", 2, 20, 20, false, false, (event) -> true, (id) -> false),
			new Expectation("effects", 3, 1, 20, false, true, (event) -> true, (id) -> false),
			new Expectation("batch-effects", 2, 20, 20, false, true, (event) -> true, (id) -> false));

	private final TortureSettings settings;

	private final Function<TortureSettings, Server> servers;

	private final FaultLog faults = new FaultLog(this::print);

	private TortureRun(TortureSettings settings, Function<TortureSettings, Server> servers) {
		this.settings = settings;
		this.servers = servers;
	}

	/** One on PostgreSQL. */
	public static TortureRun onPostgres(TortureSettings settings) {
		return new TortureRun(settings.in("postgres"), (all) -> new Postgres(all.directory(), KEYS));
	}

	/** One on Redis. */
	public static TortureRun onRedis(TortureSettings settings) {
		return new TortureRun(settings.in("redis"), (all) -> new Redis());
	}

	/** Runs, prints what was found, and cleans up if it is good. */
	public Verdict run() throws IOException {
		Path directory = this.settings.directory();
		delete(directory);
		Files.createDirectories(directory);
		print(directory.getFileName() + ": seed " + this.settings.seed() + ", " + this.settings.duration().toSeconds()
				+ " s of chaos");
		Verdict verdict = torture(directory);
		print(verdict.toString());
		print("seed " + this.settings.seed());
		return verdict;
	}

	private Verdict torture(Path directory) throws IOException {
		List<Node> nodes = new ArrayList<>();
		Thread lastWill = new Thread(() -> nodes.forEach(Node::destroy));
		Runtime.getRuntime().addShutdownHook(lastWill);
		try (Server server = this.servers.apply(this.settings)) {
			for (int number = 0; number < this.settings.workers(); number++) {
				nodes.add(new Node(number, this.settings, properties(server)));
			}
			nodes.parallelStream().forEach(Node::start);
			nodes.forEach(Node::publish);
			try (ServerProbe probe = new ServerProbe(server, this.faults)) {
				probe.start();
				new Chaos(this.settings.seed(), server, nodes, this.faults).run(this.settings.duration());
			}
			nodes.forEach((node) -> node.worker().tell("quiet"));
			nodes.forEach((node) -> node.worker().awaitQuiet(PATIENCE));
			nodes.forEach((node) -> node.worker().tell("calm"));
			String undone = awaitDelivery(server);
			nodes.forEach((node) -> node.stop(PATIENCE));
			List<Expectation> expectations = EXPECTATIONS.stream()
				.filter((expectation) -> server.isTransactional() || !expectation.transactional())
				.toList();
			Checker checker = new Checker(history(server, nodes, directory), expectations, LEASE);
			Verdict verdict = checker.check();
			checker.requireEventful(10 * this.settings.duration().toSeconds(), Chaos.faults(server),
					server.isTransactional());
			if (!undone.isEmpty()) {
				verdict.violation(Verdict.Kind.RUN, "Delivery did not come to an end: " + undone);
			}
			return verdict;
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			throw new IllegalStateException("Interrupted", ex);
		}
		catch (RuntimeException | IOException ex) {
			throw ex;
		}
		catch (Exception ex) {
			throw new IllegalStateException("The run failed, seed " + this.settings.seed(), ex);
		}
		finally {
			nodes.forEach(Node::destroy);
			Runtime.getRuntime().removeShutdownHook(lastWill);
		}
	}

	private static Map<String, String> properties(Server server) {
		Map<String, String> properties = new HashMap<>(server.properties());
		properties.put("spring.profiles.active", server.name());
		properties.put("torture.keys", Integer.toString(KEYS));
		properties.put("torture.publishers", "3");
		properties.put("events.delivery.lease-duration", LEASE.toMillis() + "ms");
		return properties;
	}

	/**
	 * Waits until every cursor is at the end of the log and nothing is parked.
	 * @return what is left to do if that takes too long
	 */
	private static String awaitDelivery(Server server) throws InterruptedException {
		long deadline = System.nanoTime() + PATIENCE.toNanos() * 2;
		while (true) {
			String undone = server.undone();
			if (undone.isEmpty() || System.nanoTime() - deadline > 0) {
				return undone;
			}
			Thread.sleep(200);
		}
	}

	private History history(Server server, List<Node> nodes, Path directory) throws IOException {
		Journals journals = new Journals();
		for (Node node : nodes) {
			for (Map.Entry<String, Long> death : node.deaths().entrySet()) {
				Path journal = directory.resolve(death.getKey() + ".journal");
				if (Files.exists(journal)) {
					journals.read(death.getKey(), journal, death.getValue());
				}
			}
		}
		List<Fault> all = new ArrayList<>(this.faults.list());
		all.addAll(journals.stalls());
		Contents contents = server.contents();
		Map<UUID, Published> published = server.isTransactional() ? contents.published()
				: journals.published(contents.log());
		return new History(published, journals.outcomes(), journals.buffered(), contents.log(), journals.appends(),
				contents.dead(), journals.calls(), contents.effects(), journals.replays(), all);
	}

	private synchronized void print(String text) {
		System.out.println(text);
		Path log = this.settings.log();
		if (log != null) {
			try {
				Files.writeString(log, text + System.lineSeparator(), StandardOpenOption.CREATE,
						StandardOpenOption.APPEND);
			}
			catch (IOException ex) {
				throw new UncheckedIOException(ex);
			}
		}
	}

	private static void delete(Path directory) throws IOException {
		if (!Files.exists(directory)) {
			return;
		}
		try (Stream<Path> files = Files.walk(directory)) {
			for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
				Files.delete(file);
			}
		}
	}

}
