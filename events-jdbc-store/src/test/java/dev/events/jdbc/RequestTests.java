package dev.events.jdbc;

import java.util.ArrayList;
import java.util.List;
import java.util.UUID;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import dev.events.store.EventStore;
import dev.events.test.postgres.PostgresDatabase;
import dev.events.test.request.RequestScenarios;
import org.junit.jupiter.api.Nested;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * Requests between two nodes, each with a pool of its own.
 */
class RequestTests {

	private static HikariDataSource pool(String url, String user, String password) {
		HikariConfig config = new HikariConfig();
		config.setJdbcUrl(url);
		config.setUsername(user);
		config.setPassword(password);
		return new HikariDataSource(config);
	}

	private static EventStore store(HikariDataSource pool) {
		new EventsSchema(pool, JdbcEventStoreSettings.DEFAULT).migrate();
		return new JdbcEventStore(pool, JdbcEventStoreSettings.DEFAULT);
	}

	@Nested
	class OnPostgres extends RequestScenarios {

		private final PostgresDatabase database = JdbcStoreFixture.newPostgresDatabase();

		private final List<HikariDataSource> pools = new ArrayList<>();

		@Override
		protected EventStore openStore() {
			this.pools.add(pool(this.database.jdbcUrl(), this.database.user(), this.database.password()));
			return store(this.pools.get(this.pools.size() - 1));
		}

		@Override
		protected void closeStores() {
			this.pools.forEach(HikariDataSource::close);
		}

	}

	@Nested
	class OnH2 extends RequestScenarios {

		private final HikariDataSource pool = pool("jdbc:h2:mem:" + UUID.randomUUID() + ";DB_CLOSE_DELAY=-1", "sa", "");

		private final EventStore store = store(this.pool);

		// nodes of one process share it, for only so do they hear of each other
		@Override
		protected EventStore openStore() {
			return this.store;
		}

		@Override
		protected void closeStores() {
			JdbcClient.create(this.pool).sql("shutdown").update();
			this.pool.close();
		}

	}

}
