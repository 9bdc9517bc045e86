package dev.events.jdbc;

import dev.events.test.postgres.PostgresDatabase;
import dev.events.test.store.EventStoreContract;
import dev.events.test.store.StoreFixture;
import org.junit.jupiter.api.Nested;

/**
 * The contract of stores, on each database.
 */
class JdbcEventStoreTests {

	@Nested
	class OnPostgres extends EventStoreContract {

		private static final PostgresDatabase DATABASE = JdbcStoreFixture.newPostgresDatabase();

		@Override
		protected StoreFixture fixture() {
			return JdbcStoreFixture.postgres(DATABASE);
		}

	}

	@Nested
	class OnH2 extends EventStoreContract {

		@Override
		protected StoreFixture fixture() {
			return JdbcStoreFixture.h2();
		}

	}

}
