package dev.events.benchmarks.contender;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.locks.LockSupport;

import com.zaxxer.hikari.HikariDataSource;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;

/**
 * What the database can do at most: JDBC without a framework, one table with the columns
 * of our log and nothing but its key, rows that are read and not decoded.
 */
final class RawJdbc implements Entrant {

	private static final int PAGE = 500;

	private final String name;

	private final String indexes;

	RawJdbc(String name, String indexes) {
		this.name = name;
		this.indexes = indexes;
	}

	/** Nothing but the table. */
	static RawJdbc bare() {
		return new RawJdbc("raw", "");
	}

	/** With the constraints and indexes of our log, but without its trigger. */
	static RawJdbc indexed() {
		return new RawJdbc("raw-indexed", """
				create unique index log_id on log (id);
				create index log_type on log (event_type varchar_pattern_ops, position);
				create index log_key on log (event_key varchar_pattern_ops, position)
					where event_key is not null;
				create index log_organization on log (organization varchar_pattern_ops, position)
					where organization is not null;
				create index log_correlation on log (correlation_id varchar_pattern_ops)
					where correlation_id <> id::text;
				alter table log add check (event_type ~ '^[A-Za-z0-9_-]+(?:[.:][A-Za-z0-9_-]+)*$');
				""");
	}

	@Override
	public String name() {
		return this.name;
	}

	@Override
	public Set<Ability> abilities() {
		return EnumSet.of(Ability.DELIVERY);
	}

	@Override
	public Contender start(Setup setup) {
		HikariDataSource pool = setup.database().pool(BootContext.POOL_SIZE);
		try (Connection connection = pool.getConnection()) {
			connection.createStatement().execute("""
					create table if not exists log (
						position bigint generated always as identity primary key, id uuid not null,
						event_type varchar(200) not null, version varchar(20) not null, source varchar(200) not null,
						event_key varchar(200), organization varchar(200), user_id varchar(200),
						correlation_id varchar(200), causation_id varchar(200), occurred_at timestamptz not null,
						data json not null, metadata jsonb);
					create table if not exists cursor (position bigint not null);
					insert into cursor select 0 where not exists (select 1 from cursor);
					""");
			if (!connection.createStatement().executeQuery("select 1 from log limit 1").next()
					&& !connection.createStatement()
						.executeQuery("select 1 from pg_indexes where indexname = 'log_id'")
						.next()) {
				connection.createStatement().execute(this.indexes);
			}
		}
		catch (SQLException ex) {
			throw new IllegalStateException(ex);
		}
		return new Node(pool, setup);
	}

	private static final class Node implements Contender {

		private static final String INSERT = "insert into log (id, event_type, version, source, event_key,"
				+ " correlation_id, occurred_at, data) ";

		private final HikariDataSource pool;

		private final Setup setup;

		// encoding is not what is measured here
		private final Order order = Order.next();

		private final String json = JsonMapper.shared().writeValueAsString(this.order);

		private final @Nullable Thread reader;

		private volatile boolean stopped;

		Node(HikariDataSource pool, Setup setup) {
			this.pool = pool;
			this.setup = setup;
			this.reader = (setup.role() == Setup.Role.SUBSCRIBER) ? new Thread(this::read, "raw-reader") : null;
			if (this.reader != null) {
				this.reader.start();
			}
		}

		@Override
		public void publish(Order order) {
			try (Connection connection = this.pool.getConnection()) {
				connection.setAutoCommit(false);
				try (PreparedStatement statement = connection.prepareStatement(
						INSERT + "select i, ?, '1.0.0', 'benchmark', ?, i::text, clock_timestamp(), ?::json"
								+ " from (select gen_random_uuid() as i) as g")) {
					statement.setString(1, "benchmark.order");
					statement.setString(2, order.id());
					statement.setString(3, this.json);
					statement.executeUpdate();
				}
				connection.commit();
			}
			catch (SQLException ex) {
				throw new IllegalStateException(ex);
			}
		}

		@Override
		public void publishAll(List<Order> orders) {
			String[] data = new String[orders.size()];
			String[] keys = new String[orders.size()];
			for (int i = 0; i < data.length; i++) {
				data[i] = this.json;
				keys[i] = orders.get(i).id();
			}
			try (Connection connection = this.pool.getConnection()) {
				connection.setAutoCommit(false);
				try (PreparedStatement statement = connection.prepareStatement(INSERT
						+ "select i, 'benchmark.order', '1.0.0', 'benchmark', k, i::text, clock_timestamp(), d::json"
						+ " from (select gen_random_uuid() as i, k, d from unnest(?::text[], ?::text[]) as e(k, d)) as g")) {
					statement.setArray(1, connection.createArrayOf("text", keys));
					statement.setArray(2, connection.createArrayOf("text", data));
					statement.executeUpdate();
				}
				connection.commit();
			}
			catch (SQLException ex) {
				throw new IllegalStateException(ex);
			}
		}

		private void read() {
			long after = 0;
			try (Connection connection = this.pool.getConnection()) {
				connection.setAutoCommit(false);
				try (PreparedStatement page = connection.prepareStatement(
						"select * from log where position > ? order by position fetch first " + PAGE + " rows only");
						PreparedStatement move = connection.prepareStatement("update cursor set position = ?")) {
					while (!this.stopped) {
						long last = read(page, after);
						if (last > after) {
							move.setLong(1, last);
							move.executeUpdate();
						}
						connection.commit();
						if (last == after) {
							LockSupport.parkNanos(1_000_000);
						}
						after = last;
					}
				}
			}
			catch (SQLException ex) {
				throw new IllegalStateException(ex);
			}
		}

		private long read(PreparedStatement page, long after) throws SQLException {
			long last = after;
			page.setLong(1, after);
			try (ResultSet rows = page.executeQuery()) {
				while (rows.next()) {
					last = rows.getLong("position");
					if (!rows.getString("data").isEmpty()) {
						this.setup.sink().accept(this.order);
					}
				}
			}
			return last;
		}

		@Override
		public void close() {
			this.stopped = true;
			if (this.reader != null) {
				try {
					this.reader.join();
				}
				catch (InterruptedException ex) {
					Thread.currentThread().interrupt();
				}
			}
			this.pool.close();
		}

	}

}
