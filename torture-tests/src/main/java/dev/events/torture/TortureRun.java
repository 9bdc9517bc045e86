package dev.events.torture;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Stream;

import dev.events.torture.check.Checker;
import dev.events.torture.check.Effect;
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
			new Expectation("plain", 4, 4, false, false, (event) -> true, (id) -> false),
			new Expectation("narrow", 1, 4, false, false, (event) -> event.seq() % 2 == 0, (id) -> false),
			new Expectation("slow", 4, 4, false, false, (event) -> true, (id) -> false),
			new Expectation("flaky", 6, 4, true, false, (event) -> true, Dice::isHopeless),
			new Expectation("holding", 4, 2, false, false, (event) -> true, (id) -> false),
			new Expectation("hanging", 2, 4, false, false, (event) -> event.seq() % 2 == 1, (id) -> false),
			new Expectation("batch", 2, 20, false, false, (event) -> true, (id) -> false),
			new Expectation("effects", 3, 20, false, true, (event) -> true, (id) -> false),
			new Expectation("batch-effects", 2, 20, false, true, (event) -> true, (id) -> false));

	private final TortureSettings settings;

	private final FaultLog faults = new FaultLog(this::print);

	public TortureRun(TortureSettings settings) {
		this.settings = settings;
	}

	/** Runs, prints what was found, and cleans up if it is good. */
	public Verdict run() throws IOException {
		Path directory = this.settings.directory();
		delete(directory);
		Files.createDirectories(directory);
		print("seed " + this.settings.seed() + ", " + this.settings.duration().toSeconds() + " s of chaos");
		Verdict verdict = torture(directory);
		print(verdict.toString());
		print("seed " + this.settings.seed());
		return verdict;
	}

	private Verdict torture(Path directory) throws IOException {
		List<Node> nodes = new ArrayList<>();
		Thread lastWill = new Thread(() -> nodes.forEach(Node::destroy));
		Runtime.getRuntime().addShutdownHook(lastWill);
		try (Postgres postgres = new Postgres(directory)) {
			createTables(postgres);
			for (int number = 0; number < this.settings.workers(); number++) {
				nodes.add(new Node(number, this.settings, properties(postgres)));
			}
			nodes.parallelStream().forEach(Node::start);
			nodes.forEach(Node::publish);
			try (DatabaseProbe probe = new DatabaseProbe(postgres, this.faults)) {
				probe.start();
				new Chaos(this.settings.seed(), postgres, nodes, this.faults).run(this.settings.duration());
			}
			nodes.forEach((node) -> node.worker().tell("quiet"));
			nodes.forEach((node) -> node.worker().awaitQuiet(PATIENCE));
			nodes.forEach((node) -> node.worker().tell("calm"));
			String undone = awaitDelivery(postgres);
			nodes.forEach((node) -> node.stop(PATIENCE));
			Checker checker = new Checker(history(postgres, nodes, directory), EXPECTATIONS, LEASE);
			Verdict verdict = checker.check();
			checker.requireEventful(10 * this.settings.duration().toSeconds());
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

	private static Map<String, String> properties(Postgres postgres) {
		Map<String, String> properties = new HashMap<>(postgres.dataSource());
		properties.put("torture.keys", Integer.toString(KEYS));
		properties.put("torture.publishers", "3");
		properties.put("events.delivery.lease-duration", LEASE.toMillis() + "ms");
		return properties;
	}

	private static void createTables(Postgres postgres) throws IOException, SQLException {
		try (InputStream tables = Objects.requireNonNull(TortureRun.class.getResourceAsStream("tables.sql"))) {
			postgres.execute(new String(tables.readAllBytes(), StandardCharsets.UTF_8));
		}
		postgres.execute("insert into key_state select 'shared-' || n, 0 from generate_series(0, " + KEYS + ") n");
	}

	/**
	 * Waits until every cursor is at the end of the log and nothing is parked.
	 * @return what is left to do if that takes too long
	 */
	private static String awaitDelivery(Postgres postgres) throws SQLException, InterruptedException {
		long deadline = System.nanoTime() + PATIENCE.toNanos() * 2;
		while (true) {
			String undone = String.join(", ", strings(postgres, """
					select subscription_id || '/' || partition_no || ' at ' || position from event_cursors
					where position < (select max(position) from event_store)
					union all
					select subscription_id || ' ' || status || ' ' || count(*) from event_deliveries
					where status <> 'DEAD' or holding group by subscription_id, status"""));
			if (undone.isEmpty() || System.nanoTime() - deadline > 0) {
				return undone;
			}
			Thread.sleep(200);
		}
	}

	private History history(Postgres postgres, List<Node> nodes, Path directory) throws IOException, SQLException {
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
		Map<UUID, Published> published = new HashMap<>();
		Map<String, Set<UUID>> dead = new HashMap<>();
		Set<UUID> stored = new HashSet<>();
		List<Effect> effects = new ArrayList<>();
		try (Connection connection = postgres.connect(); Statement statement = connection.createStatement()) {
			try (ResultSet rows = statement.executeQuery("select event_id, event_key, seq from published")) {
				while (rows.next()) {
					UUID id = rows.getObject(1, UUID.class);
					published.put(id, new Published(id, rows.getString(2), rows.getLong(3)));
				}
			}
			try (ResultSet rows = statement.executeQuery("select id from event_store")) {
				while (rows.next()) {
					stored.add(rows.getObject(1, UUID.class));
				}
			}
			try (ResultSet rows = statement
				.executeQuery("select subscription_id, id from event_deliveries where status = 'DEAD'")) {
				while (rows.next()) {
					dead.computeIfAbsent(rows.getString(1), (first) -> new HashSet<>())
						.add(rows.getObject(2, UUID.class));
				}
			}
			try (ResultSet rows = statement
				.executeQuery("select number, subscriber, event_id, event_key, seq from effects order by number")) {
				while (rows.next()) {
					effects.add(new Effect(rows.getLong(1), rows.getString(2), rows.getObject(3, UUID.class),
							rows.getString(4), rows.getLong(5)));
				}
			}
		}
		return new History(published, journals.outcomes(), journals.buffered(), stored, dead, journals.calls(), effects,
				all);
	}

	private static List<String> strings(Postgres postgres, String sql) throws SQLException {
		List<String> strings = new ArrayList<>();
		try (Connection connection = postgres.connect();
				Statement statement = connection.createStatement();
				ResultSet rows = statement.executeQuery(sql)) {
			while (rows.next()) {
				strings.add(rows.getString(1));
			}
		}
		return strings;
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
