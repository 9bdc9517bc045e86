package dev.events.benchmarks.measure;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

import dev.events.benchmarks.Options;
import dev.events.benchmarks.contender.Contender;
import dev.events.benchmarks.contender.Entrant;
import dev.events.benchmarks.contender.Setup;
import dev.events.benchmarks.contender.Setup.Role;
import dev.events.benchmarks.contender.Sink;
import dev.events.benchmarks.report.Figures;
import dev.events.benchmarks.server.BenchmarkDatabase;
import dev.events.benchmarks.server.CpuTime;
import dev.events.benchmarks.server.Store;

/**
 * Whether the size of the log matters: rates and processor time with an empty one and a
 * large one, and how the server reads it.
 */
final class GrowingLog implements Measurement {

	private static final int CHUNK = 250_000;

	private static final String FILL = """
			insert into event_store (id, event_type, source, event_key, correlation_id, occurred_at, data)
			select id, 'benchmark.' || n %% 50, 'benchmark', 'order-' || n, id::text, now(),
				('{"id":"order-' || n || '","customer":"Ada Lovelace","comment":"' || repeat('x', 240) || '"}')::json
			from (select gen_random_uuid() as id, n from generate_series(1, %d) as n offset 0) as rows""";

	private static final List<String> READS = List.of(
			"select * from event_store where position > (select max(position) - 500 from event_store)"
					+ " order by position fetch first 501 rows only",
			"select * from event_store where position > (select max(position) - 1000000 from event_store)"
					+ " order by position fetch first 501 rows only",
			"select * from event_store where event_type = 'benchmark.7' order by position desc fetch first 10 rows only",
			"select * from event_store where event_key = 'order-4711' order by position fetch first 100 rows only");

	@Override
	public String name() {
		return "growing-log";
	}

	@Override
	public String title() {
		return "Publishing and delivering with a log of so many rows";
	}

	@Override
	public Set<Store> stores() {
		return EnumSet.of(Store.POSTGRES);
	}

	@Override
	public boolean admits(Entrant entrant) {
		return entrant.name().equals("events");
	}

	@Override
	public void run(Entrant entrant, BenchmarkDatabase database, Options options, Figures figures) {
		Sink sink = new Sink();
		Setup setup = new Setup(database, Role.BOTH, 1, sink);
		entrant.start(setup).close();
		try (Connection connection = DriverManager.getConnection(database.url(), BenchmarkDatabase.USER, "");
				Statement statement = connection.createStatement()) {
			long rows = 0;
			for (long target : List.of(0L, options.rows() / 5, options.rows())) {
				while (rows < target) {
					rows += statement.executeUpdate(FILL.formatted(Math.min(CHUNK, target - rows)));
				}
				statement.execute(
						"update event_cursors set position = (select coalesce(max(position), 0) from event_store)");
				statement.execute("vacuum analyze event_store");
				statement.execute("checkpoint");
				measure(entrant, setup, options, figures, String.format("%,d rows", target));
			}
			for (String read : READS) {
				figures.note("```\n" + explain(statement, read) + "```");
			}
		}
		catch (SQLException ex) {
			throw new IllegalStateException(ex);
		}
	}

	private static void measure(Entrant entrant, Setup setup, Options options, Figures figures, String label) {
		Sink sink = setup.sink();
		try (Contender contender = entrant.start(setup)) {
			publish(contender, sink, options, 1);
			for (int batch : new int[] { 1, 100 }) {
				CpuTime cpu = CpuTime.now(setup.database());
				long start = System.nanoTime();
				long published = publish(contender, sink, options, batch);
				double seconds = (System.nanoTime() - start) / 1e9;
				CpuTime used = CpuTime.now(setup.database()).since(cpu);
				figures.add(label, "delivered/s, " + batch + " in a transaction", published / seconds);
				figures.add(label, "server CPU, µs/event, " + batch, used.server() / 1e3 / published);
			}
		}
	}

	private static long publish(Contender contender, Sink sink, Options options, int batch) {
		long before = sink.handled();
		long published = Load.publish(contender, options.threads(), batch, options.duration());
		if (!sink.await(before + published, System.nanoTime() + 60_000_000_000L)) {
			throw new IllegalStateException("Not everything was delivered");
		}
		return published;
	}

	private static String explain(Statement statement, String sql) throws SQLException {
		StringBuilder plan = new StringBuilder(sql).append('\n');
		try (ResultSet rows = statement.executeQuery("explain (analyze, buffers) " + sql)) {
			while (rows.next()) {
				plan.append("  ").append(rows.getString(1)).append('\n');
			}
		}
		return plan.toString();
	}

}
