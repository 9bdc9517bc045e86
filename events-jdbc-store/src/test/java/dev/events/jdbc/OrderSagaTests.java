package dev.events.jdbc;

import dev.events.store.EventStore;
import dev.events.test.saga.OrderSagaScenarios;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Nested;

/**
 * Sagas over databases.
 */
class OrderSagaTests {

	@Nested
	class OnPostgres extends Scenarios {

		OnPostgres() {
			super(JdbcStoreFixture.postgres(JdbcStoreFixture.newPostgresDatabase()));
		}

	}

	@Nested
	class OnH2 extends Scenarios {

		OnH2() {
			super(JdbcStoreFixture.h2());
		}

	}

	abstract static class Scenarios extends OrderSagaScenarios {

		private final JdbcStoreFixture fixture;

		Scenarios(JdbcStoreFixture fixture) {
			this.fixture = fixture;
		}

		@Override
		protected EventStore store() {
			return this.fixture.store();
		}

		@AfterEach
		void close() {
			this.fixture.close();
		}

	}

}
