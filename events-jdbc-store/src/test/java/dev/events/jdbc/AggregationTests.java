package dev.events.jdbc;

import dev.events.store.EventStore;
import dev.events.test.aggregation.AggregationScenarios;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Nested;

/**
 * Aggregation over databases.
 */
class AggregationTests {

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

	abstract static class Scenarios extends AggregationScenarios {

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
