package dev.events.benchmarks.measure;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.locks.LockSupport;

import com.zaxxer.hikari.HikariDataSource;
import dev.events.Event;
import dev.events.Subscriber;
import dev.events.benchmarks.Options;
import dev.events.benchmarks.contender.Entrant;
import dev.events.benchmarks.contender.Setup;
import dev.events.benchmarks.contender.Setup.Role;
import dev.events.benchmarks.contender.Sink;
import dev.events.benchmarks.report.Figures;
import dev.events.benchmarks.server.BenchmarkDatabase;
import dev.events.bus.DurableEventBus;
import dev.events.jdbc.JdbcEventStore;
import dev.events.jdbc.JdbcEventStoreSettings;
import dev.events.store.Schedule;

/**
 * Whether it matters how many scheduled events wait: for what each node does again and
 * again, for the release of those that are due, and for when they are handled.
 */
final class Scheduled implements Measurement {

	private static final int BATCH = 500;

	private static final String FILL = """
			insert into event_schedule (due_at, id, event_type, version, source, event_key, correlation_id, occurred_at, data)
			select now() + %s + n * interval '1 second', id, 'benchmark.' || n %% 50, '1.0.0', 'benchmark', 'order-' || n,
				id::text, now(), ('{"id":"order-' || n || '","comment":"' || repeat('x', 240) || '"}')::json
			from (select gen_random_uuid() as id, n from generate_series(1, %d) as n offset 0) as rows""";

	@Override
	public String name() {
		return "scheduled";
	}

	@Override
	public String title() {
		return "Scheduled events while so many others wait";
	}

	@Override
	public boolean admits(Entrant entrant) {
		return entrant.name().equals("events");
	}

	@Override
	public void run(Entrant entrant, BenchmarkDatabase database, Options options, Figures figures) {
		// makes the tables
		entrant.start(new Setup(database, Role.PUBLISHER, 1, new Sink())).close();
		try (HikariDataSource pool = database.pool(8);
				Connection connection = pool.getConnection();
				Statement statement = connection.createStatement()) {
			long waiting = 0;
			for (long target : List.of(0L, 10_000L, options.rows() / 5)) {
				statement.execute(FILL.formatted("interval '1 day'", target - waiting));
				waiting = target;
				statement.execute("vacuum analyze event_schedule");
				statement.execute("checkpoint");
				measure(pool, statement, options, figures, String.format("%,d waiting", target));
			}
		}
		catch (SQLException ex) {
			throw new IllegalStateException(ex);
		}
	}

	private static void measure(HikariDataSource pool, Statement statement, Options options, Figures figures,
			String label) throws SQLException {
		JdbcEventStore store = new JdbcEventStore(pool, JdbcEventStoreSettings.DEFAULT);
		Schedule schedule = store.schedule();
		for (int i = 0; i < 500; i++) {
			schedule.release(BATCH);
		}
		figures.add(label, "nothing due, ms", millis(2_000, () -> schedule.release(BATCH)));
		double one = 0;
		for (int i = 0; i < 200; i++) {
			due(statement, 1);
			one += millis(1, () -> schedule.release(BATCH));
		}
		figures.add(label, "one due, ms", one / 200);
		due(statement, 100 * BATCH);
		figures.add(label, "many due, events/s", BATCH * 1e3 / millis(100, () -> schedule.release(BATCH)));
		List<Long> late = late(store, options);
		figures.add(label, "due to handled, ms, p50", late.get(late.size() / 2) / 1e3);
		figures.add(label, "p99", late.get(late.size() * 99 / 100) / 1e3);
		figures.add(label, "longest", late.get(late.size() - 1) / 1e3);
	}

	private static void due(Statement statement, int count) throws SQLException {
		statement.execute(FILL.formatted("interval '-1 day'", count));
	}

	/** The mean of so many. */
	private static double millis(int times, Runnable action) {
		long start = System.nanoTime();
		for (int i = 0; i < times; i++) {
			action.run();
		}
		return (System.nanoTime() - start) / 1e6 / times;
	}

	/** How long after its due time each event is handled, sorted, in microseconds. */
	private static List<Long> late(JdbcEventStore store, Options options) {
		List<Long> late = new CopyOnWriteArrayList<>();
		try (DurableEventBus bus = DurableEventBus.builder(store).source("benchmark").build()) {
			bus.subscribe(Subscriber.to("due")
				.id("due-" + System.nanoTime())
				.handler((event) -> late.add(Duration.between(event.timestamp(), Instant.now()).toNanos() / 1000)));
			bus.start();
			// one after the other, at no regular distance
			long end = System.nanoTime() + options.duration().toNanos();
			int count = 0;
			while (System.nanoTime() < end) {
				bus.publishIn(Duration.ofMillis(200 + count % 7), Event.of("due", count));
				count++;
				LockSupport.parkNanos(10_000_000 + count % 11 * 1_000_000);
			}
			while (late.size() < count) {
				LockSupport.parkNanos(10_000_000);
			}
		}
		List<Long> sorted = new ArrayList<>(late);
		Collections.sort(sorted);
		return sorted;
	}

}
