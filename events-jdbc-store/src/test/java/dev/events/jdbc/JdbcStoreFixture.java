package dev.events.jdbc;

import java.time.Duration;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import dev.events.store.EventStore;
import dev.events.test.postgres.PostgresDatabase;
import dev.events.test.postgres.PostgresServer;
import dev.events.test.store.StoreFixture;
import org.awaitility.Awaitility;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * A store on empty tables. Time passes by moving ends of leases, due times and heartbeats
 * into the past.
 */
final class JdbcStoreFixture implements StoreFixture {

	static {
		// on a busy machine a thread may stand still for seconds, several times
		Awaitility.setDefaultTimeout(Duration.ofSeconds(30));
	}

	private final HikariDataSource dataSource;

	private final EventStore store;

	private final String earlier;

	private final Runnable onClose;

	private JdbcStoreFixture(HikariDataSource dataSource, String earlier, Runnable onClose) {
		this.dataSource = dataSource;
		this.earlier = earlier;
		this.onClose = onClose;
		this.store = new JdbcEventStore(dataSource, JdbcEventStoreSettings.DEFAULT);
	}

	static JdbcStoreFixture h2() {
		HikariDataSource dataSource = pool("jdbc:h2:mem:" + java.util.UUID.randomUUID() + ";DB_CLOSE_DELAY=-1", "sa",
				"");
		new EventsSchema(dataSource, JdbcEventStoreSettings.DEFAULT).migrate();
		return new JdbcStoreFixture(dataSource, "dateadd(millisecond, -%d, %s)",
				() -> JdbcClient.create(dataSource).sql("shutdown").update());
	}

	static JdbcStoreFixture postgres(PostgresDatabase database) {
		HikariDataSource dataSource = pool(database.jdbcUrl(), database.user(), database.password());
		new EventsSchema(dataSource, JdbcEventStoreSettings.DEFAULT).migrate();
		JdbcClient.create(dataSource)
			.sql("truncate event_store, event_schedule, event_subscriptions, event_cursors, event_deliveries, event_nodes,"
					+ " event_leaders, event_schemas, event_replays, event_replay_progress, event_subject_keys, event_processes restart identity")
			.update();
		return new JdbcStoreFixture(dataSource, "%2$s - interval '%1$d milliseconds'", () -> {
		});
	}

	static PostgresDatabase newPostgresDatabase() {
		return PostgresServer.shared().createDatabase();
	}

	private static HikariDataSource pool(String url, String user, String password) {
		HikariConfig config = new HikariConfig();
		config.setJdbcUrl(url);
		config.setUsername(user);
		config.setPassword(password);
		config.setMaximumPoolSize(12);
		config.setMinimumIdle(0);
		return new HikariDataSource(config);
	}

	@Override
	public EventStore store() {
		return this.store;
	}

	@Override
	public void advance(Duration duration) {
		JdbcClient client = JdbcClient.create(this.dataSource);
		client.sql("update event_cursors set lease_until = " + earlier(duration, "lease_until")).update();
		client.sql("update event_deliveries set due_at = " + earlier(duration, "due_at")).update();
		client.sql("update event_schedule set due_at = " + earlier(duration, "due_at")).update();
		client.sql("update event_processes set due_at = " + earlier(duration, "due_at")).update();
		client.sql("update event_leaders set leads_until = " + earlier(duration, "leads_until")).update();
		client
			.sql("update event_nodes set seen_at = " + earlier(duration, "seen_at") + ", alive_until = "
					+ earlier(duration, "alive_until"))
			.update();
	}

	private String earlier(Duration duration, String column) {
		return this.earlier.formatted(duration.toMillis(), column);
	}

	@Override
	public void close() {
		this.onClose.run();
		this.dataSource.close();
	}

}
