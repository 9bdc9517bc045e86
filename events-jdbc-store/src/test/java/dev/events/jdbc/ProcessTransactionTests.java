package dev.events.jdbc;

import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import dev.events.store.EventRecord;
import dev.events.store.EventStore;
import dev.events.store.ProcessChange;
import dev.events.store.ProcessRecord;
import dev.events.store.ProcessState;
import dev.events.test.postgres.PostgresDatabase;
import dev.events.test.store.EventRecords;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Steps of processes in transactions of the caller.
 */
@Timeout(60)
class ProcessTransactionTests {

	@Nested
	class OnPostgres extends Scenarios {

		private static final PostgresDatabase DATABASE = JdbcStoreFixture.newPostgresDatabase();

		@Override
		HikariDataSource dataSource(int poolSize) {
			return pool(DATABASE.jdbcUrl(), DATABASE.user(), DATABASE.password(), poolSize);
		}

	}

	@Nested
	class OnH2 extends Scenarios {

		private final String url = "jdbc:h2:mem:" + UUID.randomUUID() + ";DB_CLOSE_DELAY=-1;LOCK_TIMEOUT=20000";

		@Override
		HikariDataSource dataSource(int poolSize) {
			return pool(this.url, "sa", "", poolSize);
		}

	}

	private static HikariDataSource pool(String url, String user, String password, int size) {
		HikariConfig config = new HikariConfig();
		config.setJdbcUrl(url);
		config.setUsername(user);
		config.setPassword(password);
		config.setMaximumPoolSize(size);
		config.setConnectionTimeout(15_000);
		return new HikariDataSource(config);
	}

	abstract static class Scenarios {

		private final String key = UUID.randomUUID().toString();

		HikariDataSource dataSource;

		EventStore store;

		TransactionTemplate transaction;

		abstract HikariDataSource dataSource(int poolSize);

		void open(int poolSize) {
			try (HikariDataSource setUp = dataSource(3)) {
				new EventsSchema(setUp, JdbcEventStoreSettings.DEFAULT).migrate();
			}
			this.dataSource = dataSource(poolSize);
			this.store = new JdbcEventStore(this.dataSource, JdbcEventStoreSettings.DEFAULT);
			this.transaction = new TransactionTemplate(new JdbcTransactionManager(this.dataSource));
		}

		@AfterEach
		void close() {
			this.dataSource.close();
		}

		private Optional<List<Long>> commit(long expected, @Nullable String data, EventRecord... events) {
			ProcessState state = (data != null) ? new ProcessState("RUNNING", data, null) : null;
			return this.store.processes()
				.commit(new ProcessChange("order", this.key, expected, state, List.of(events)));
		}

		private Optional<ProcessRecord> find() {
			return this.store.processes().find("order", this.key);
		}

		private boolean isStored(EventRecord event) {
			return this.store.log().find(event.id()).isPresent();
		}

		@Test
		void oneConnectionIsEnough() {
			open(1);
			EventRecord event = EventRecords.event("test.happened", null);
			this.transaction.executeWithoutResult((status) -> {
				assertThat(find()).isEmpty();
				assertThat(commit(ProcessChange.NOT_THERE, "1", event)).isPresent();
				assertThat(commit(find().orElseThrow().version(), "2")).isPresent();
			});
			assertThat(find().orElseThrow().state().data()).isEqualTo("2");
			assertThat(isStored(event)).isTrue();
		}

		@Test
		void whatIsRolledBackIsUndone() {
			open(2);
			EventRecord event = EventRecords.event("test.happened", null);
			this.transaction.executeWithoutResult((status) -> {
				commit(ProcessChange.NOT_THERE, "1", event);
				status.setRollbackOnly();
			});
			assertThat(find()).isEmpty();
			assertThat(isStored(event)).isFalse();
			commit(ProcessChange.NOT_THERE, "1");
			ProcessRecord before = find().orElseThrow();
			this.transaction.executeWithoutResult((status) -> {
				assertThat(commit(before.version(), null, event)).isPresent();
				status.setRollbackOnly();
			});
			assertThat(find()).hasValue(before);
			assertThat(isStored(event)).isFalse();
		}

		@Test
		void stepThatIsTooLateLeavesTheTransactionAsItWas() {
			open(3);
			commit(ProcessChange.NOT_THERE, "1");
			EventRecord mine = EventRecords.event("test.happened", null);
			EventRecord late = EventRecords.event("test.happened", null);
			this.transaction.executeWithoutResult((status) -> {
				this.store.log().append(List.of(mine));
				assertThat(commit(ProcessChange.NOT_THERE, "2", late)).isEmpty();
				assertThat(commit(17, "2", late)).isEmpty();
				assertThat(commit(find().orElseThrow().version(), "3")).isPresent();
			});
			assertThat(find().orElseThrow().state().data()).isEqualTo("3");
			assertThat(isStored(mine)).isTrue();
			assertThat(isStored(late)).isFalse();
		}

		@Test
		void theSecondOneWaitsForTheFirstAndIsTooLate() throws Exception {
			open(3);
			commit(ProcessChange.NOT_THERE, "1");
			long version = find().orElseThrow().version();
			EventRecord late = EventRecords.event("test.happened", null);
			CompletableFuture<Boolean> second = new CompletableFuture<>();
			this.transaction.executeWithoutResult((status) -> {
				assertThat(commit(version, "2")).isPresent();
				second.completeAsync(() -> commit(version, "3", late).isPresent());
				assertThat(second).isNotDone();
			});
			assertThat(second.get(20, TimeUnit.SECONDS)).isFalse();
			assertThat(find().orElseThrow().state().data()).isEqualTo("2");
			assertThat(isStored(late)).isFalse();
		}

		@Test
		void theSecondOneIsInTimeWhenTheFirstIsRolledBack() throws Exception {
			open(3);
			CompletableFuture<Boolean> second = new CompletableFuture<>();
			this.transaction.executeWithoutResult((status) -> {
				assertThat(commit(ProcessChange.NOT_THERE, "1")).isPresent();
				second.completeAsync(() -> commit(ProcessChange.NOT_THERE, "2").isPresent());
				assertThat(second).isNotDone();
				status.setRollbackOnly();
			});
			assertThat(second.get(20, TimeUnit.SECONDS)).isTrue();
			assertThat(find().orElseThrow().state().data()).isEqualTo("2");
		}

	}

}
