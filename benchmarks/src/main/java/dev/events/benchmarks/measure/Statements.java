package dev.events.benchmarks.measure;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.EnumSet;
import java.util.Locale;
import java.util.Set;

import dev.events.benchmarks.Options;
import dev.events.benchmarks.contender.Contender;
import dev.events.benchmarks.contender.Entrant;
import dev.events.benchmarks.contender.Entrant.Ability;
import dev.events.benchmarks.contender.Setup;
import dev.events.benchmarks.contender.Setup.Role;
import dev.events.benchmarks.contender.Sink;
import dev.events.benchmarks.report.Figures;
import dev.events.benchmarks.server.BenchmarkDatabase;
import dev.events.benchmarks.server.Store;

/**
 * What the server is asked to do for an event that is published in its own transaction
 * and delivered: statements and transactions divided by events.
 */
final class Statements implements Measurement {

	private static final long STATISTICS_DELAY_MILLIS = 1_500;

	private static final int SHOWN = 12;

	@Override
	public String name() {
		return "statements";
	}

	@Override
	public String title() {
		return "Statements and transactions per event, one event in a transaction, publishers in parallel, delivered";
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
		try (Contender contender = entrant.start(new Setup(database, Role.BOTH, 1, sink));
				Connection connection = DriverManager.getConnection(database.url(), BenchmarkDatabase.USER, "");
				Statement statement = connection.createStatement()) {
			long before = Load.publish(contender, options.threads(), 1, options.warmup());
			sink.await(before, System.nanoTime() + 60_000_000_000L);
			settle();
			long commitsBefore = number(statement, "xact_commit + xact_rollback");
			statement.execute("select pg_stat_statements_reset()");
			long published = Load.publish(contender, options.threads(), 1, options.duration());
			sink.await(before + published, System.nanoTime() + 120_000_000_000L);
			StringBuilder top = new StringBuilder();
			double calls = 0;
			try (ResultSet rows = statement.executeQuery("select query, calls, total_exec_time, rows"
					+ " from pg_stat_statements where dbid = (select oid from pg_database"
					+ " where datname = current_database()) order by calls desc")) {
				for (int i = 0; rows.next(); i++) {
					String query = rows.getString(1).replaceAll("\\s+", " ");
					if (!isTransactionControl(query)) {
						calls += rows.getLong(2);
					}
					if (i < SHOWN) {
						top.append(String.format(Locale.ROOT,
								"    %8.4f calls/event, %7.4f ms each, %6.1f rows each: %s%n",
								rows.getLong(2) / (double) published, rows.getDouble(3) / rows.getLong(2),
								rows.getLong(4) / (double) rows.getLong(2),
								query.substring(0, Math.min(110, query.length()))));
					}
				}
			}
			settle();
			figures.add(entrant.name(), "statements/event", calls / published);
			figures.add(entrant.name(), "transactions/event",
					(number(statement, "xact_commit + xact_rollback") - commitsBefore) / (double) published);
			figures.note(entrant.name() + ":\n\n" + top);
		}
		catch (SQLException ex) {
			throw new IllegalStateException(ex);
		}
	}

	private static boolean isTransactionControl(String query) {
		String lower = query.toLowerCase(Locale.ROOT);
		return lower.startsWith("begin") || lower.startsWith("commit") || lower.startsWith("rollback");
	}

	private static long number(Statement statement, String column) throws SQLException {
		try (ResultSet rows = statement
			.executeQuery("select " + column + " from pg_stat_database where datname = current_database()")) {
			rows.next();
			return rows.getLong(1);
		}
	}

	/** Sessions report what they did once a second. */
	private static void settle() {
		try {
			Thread.sleep(STATISTICS_DELAY_MILLIS);
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
	}

}
