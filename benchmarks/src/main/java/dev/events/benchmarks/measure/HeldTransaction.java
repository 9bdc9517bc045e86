package dev.events.benchmarks.measure;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.EnumSet;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

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
import dev.events.benchmarks.server.Store;

/**
 * What becomes of the rate while somebody else keeps a transaction open: one that reads,
 * so that vacuum cannot remove anything, or one that has written something of its own.
 */
final class HeldTransaction implements Measurement {

	private final String name;

	private final boolean writes;

	HeldTransaction(String name, boolean writes) {
		this.name = name;
		this.writes = writes;
	}

	@Override
	public String name() {
		return this.name;
	}

	@Override
	public String title() {
		return "An open transaction that " + (this.writes ? "has written to another table" : "holds back vacuum")
				+ ": delivered/s before, at its end and after it, 1 event in a transaction, publishers in parallel";
	}

	@Override
	public Set<Store> stores() {
		return EnumSet.of(Store.POSTGRES);
	}

	@Override
	public boolean admits(Entrant entrant) {
		return entrant.abilities().contains(Ability.BOTH_AT_ONCE);
	}

	@Override
	public void run(Entrant entrant, BenchmarkDatabase database, Options options, Figures figures) {
		Sink sink = new Sink();
		ExecutorService background = Executors.newSingleThreadExecutor();
		try (Contender contender = entrant.start(new Setup(database, Role.BOTH, 1, sink));
				Connection connection = DriverManager.getConnection(database.url(), BenchmarkDatabase.USER, "");
				Statement statement = connection.createStatement()) {
			statement.execute("create table unrelated (n int)");
			Load.publish(contender, options.threads(), 1, options.warmup());
			Window before = Window.of(contender, sink, database, options);
			hold(connection, statement);
			Duration rest = options.hold().minus(options.duration());
			Future<Long> load = background.submit(() -> Load.publish(contender, options.threads(), 1, rest));
			load.get();
			Window held = Window.of(contender, sink, database, options);
			figures.note(entrant.name() + ": " + deadRows(database));
			connection.rollback();
			Window after = Window.of(contender, sink, database, options);
			double reference = (before.rate + after.rate) / 2;
			double cpu = (before.serverCpu + after.serverCpu) / 2;
			figures.add(entrant.name(), "before", before.rate);
			figures.add(entrant.name(), "held", held.rate);
			figures.add(entrant.name(), "after", after.rate);
			figures.add(entrant.name(), "rate lost, %", 100 * (1 - held.rate / reference));
			figures.add(entrant.name(), "server CPU more, %", 100 * (held.serverCpu / cpu - 1));
		}
		catch (Exception ex) {
			throw new IllegalStateException(ex);
		}
		finally {
			background.shutdownNow();
		}
	}

	private void hold(Connection connection, Statement statement) throws SQLException {
		connection.setAutoCommit(false);
		connection.setTransactionIsolation(
				this.writes ? Connection.TRANSACTION_READ_COMMITTED : Connection.TRANSACTION_REPEATABLE_READ);
		if (this.writes) {
			statement.execute("insert into unrelated values (1)");
		}
		else {
			statement.executeQuery("select count(*) from unrelated").close();
		}
	}

	private static String deadRows(BenchmarkDatabase database) throws SQLException {
		StringBuilder result = new StringBuilder("dead rows at the end");
		try (Connection connection = DriverManager.getConnection(database.url(), BenchmarkDatabase.USER, "");
				Statement statement = connection.createStatement();
				ResultSet rows = statement.executeQuery("select relname, n_dead_tup, n_live_tup,"
						+ " pg_total_relation_size(relid) / 1024 as kb from pg_stat_user_tables"
						+ " where n_tup_ins > 0 and relname <> 'unrelated' order by n_dead_tup desc")) {
			while (rows.next()) {
				result.append(", ")
					.append(rows.getString(1))
					.append(' ')
					.append(rows.getLong(2))
					.append(" (of ")
					.append(rows.getLong(2) + rows.getLong(3))
					.append(", ")
					.append(rows.getLong(4))
					.append(" kB)");
			}
		}
		return result.toString();
	}

	/**
	 * A while of full load.
	 */
	private record Window(double rate, double serverCpu) {

		static Window of(Contender contender, Sink sink, BenchmarkDatabase database, Options options) {
			CpuTime cpu = CpuTime.now(database);
			long handled = sink.handled();
			long start = System.nanoTime();
			long published = Load.publish(contender, options.threads(), 1, options.duration());
			double rate = (sink.handled() - handled) * 1e9 / (System.nanoTime() - start);
			return new Window(rate, CpuTime.now(database).since(cpu).server() / (double) published);
		}

	}

}
