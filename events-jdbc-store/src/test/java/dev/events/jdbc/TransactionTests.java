package dev.events.jdbc;

import java.util.List;
import java.util.UUID;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import dev.events.EventStoreException;
import dev.events.store.EventLog;
import dev.events.store.StoredEvent;
import dev.events.test.postgres.PostgresDatabase;
import dev.events.test.store.EventRecords;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.transaction.TransactionDefinition;
import org.springframework.transaction.support.TransactionSynchronization;
import org.springframework.transaction.support.TransactionSynchronizationManager;
import org.springframework.transaction.support.TransactionTemplate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

class TransactionTests {

	@Nested
	class OnPostgres extends Scenarios {

		private static final PostgresDatabase DATABASE = JdbcStoreFixture.newPostgresDatabase();

		@Override
		HikariDataSource dataSource() {
			return pool(DATABASE.jdbcUrl(), DATABASE.user(), DATABASE.password());
		}

	}

	@Nested
	class OnH2 extends Scenarios {

		@Override
		HikariDataSource dataSource() {
			return pool("jdbc:h2:mem:" + UUID.randomUUID() + ";DB_CLOSE_DELAY=-1", "sa", "");
		}

	}

	private static HikariDataSource pool(String url, String user, String password) {
		HikariConfig config = new HikariConfig();
		config.setJdbcUrl(url);
		config.setUsername(user);
		config.setPassword(password);
		config.setMaximumPoolSize(4);
		return new HikariDataSource(config);
	}

	abstract static class Scenarios {

		private final HikariDataSource dataSource = dataSource();

		private final EventLog log = log();

		private final TransactionTemplate transaction = new TransactionTemplate(
				new JdbcTransactionManager(this.dataSource));

		abstract HikariDataSource dataSource();

		private EventLog log() {
			new EventsSchema(this.dataSource, JdbcEventStoreSettings.DEFAULT).migrate();
			JdbcClient.create(this.dataSource).sql("delete from event_store").update();
			return new JdbcEventStore(this.dataSource, JdbcEventStoreSettings.DEFAULT).log();
		}

		@AfterEach
		void close() {
			this.dataSource.close();
		}

		private List<Long> append(String type) {
			return this.log.append(List.of(EventRecords.event(type, null)));
		}

		private List<String> types() {
			long before = 0;
			return this.log.follow(before, 100).events().stream().map((event) -> event.event().type()).toList();
		}

		@Test
		void anEventIsCommittedOrRolledBackWithTheTransaction() {
			this.transaction.executeWithoutResult((status) -> {
				append("committed");
				assertThat(types()).isEmpty();
			});
			assertThat(types()).containsExactly("committed");
			assertThatIllegalStateException().isThrownBy(() -> this.transaction.executeWithoutResult((status) -> {
				append("rolled.back");
				throw new IllegalStateException();
			}));
			append("after");
			assertThat(types()).containsExactly("committed", "after");
		}

		@Test
		void anEventIsRolledBackToASavepointWithTheRest() {
			TransactionTemplate nested = new TransactionTemplate(this.transaction.getTransactionManager());
			nested.setPropagationBehavior(TransactionDefinition.PROPAGATION_NESTED);
			this.transaction.executeWithoutResult((status) -> {
				append("outer");
				nested.executeWithoutResult((inner) -> {
					append("inner");
					inner.setRollbackOnly();
				});
				append("outer.again");
			});
			assertThat(types()).containsExactly("outer", "outer.again");
		}

		@Test
		void withoutATransactionAnEventIsThereAtOnce() {
			List<Long> positions = append("now");
			assertThat(positions).singleElement().satisfies((position) -> assertThat(position).isPositive());
			assertThat(types()).containsExactly("now");
		}

		/**
		 * What a listener publishes after the commit of the transaction that it listens
		 * to.
		 */
		@ParameterizedTest
		@ValueSource(booleans = { true, false })
		void whatIsPublishedAfterTheCommitIsStored(boolean autocommit) {
			HikariConfig config = new HikariConfig();
			this.dataSource.copyStateTo(config);
			config.setAutoCommit(autocommit);
			try (HikariDataSource pool = new HikariDataSource(config)) {
				EventLog log = new JdbcEventStore(pool, JdbcEventStoreSettings.DEFAULT).log();
				new TransactionTemplate(new JdbcTransactionManager(pool)).executeWithoutResult((status) -> {
					log.append(List.of(EventRecords.event("within", null)));
					TransactionSynchronizationManager.registerSynchronization(new TransactionSynchronization() {

						@Override
						public void afterCommit() {
							log.append(List.of(EventRecords.event("after.commit", null)));
						}

						@Override
						public void afterCompletion(int outcome) {
							log.append(List.of(EventRecords.event("after.completion", null)));
						}

					});
				});
			}
			assertThat(types()).containsExactly("within", "after.commit", "after.completion");
		}

		@Test
		void readingDoesNotSeeOrDisturbTheCallersTransaction() {
			long head = this.log.head();
			this.transaction.executeWithoutResult((status) -> {
				append("mine");
				assertThat(this.log.head()).isEqualTo(head);
				assertThat(this.log.query(dev.events.store.EventCriteria.ALL, 10)).extracting(StoredEvent::position)
					.isEmpty();
			});
			assertThat(types()).containsExactly("mine");
		}

		@Test
		void aBatchIsStoredAsAWhole() {
			assertThatExceptionOfType(EventStoreException.class)
				.isThrownBy(() -> this.log
					.append(List.of(EventRecords.event("good", null), EventRecords.event("x".repeat(300), null))))
				.withMessageContaining("append events");
			assertThat(types()).isEmpty();
		}

	}

	@Test
	void aReadOnlyTransactionIsToldSo() {
		PostgresDatabase database = JdbcStoreFixture.newPostgresDatabase();
		try (HikariDataSource dataSource = pool(database.jdbcUrl(), database.user(), database.password())) {
			new EventsSchema(dataSource, JdbcEventStoreSettings.DEFAULT).migrate();
			EventLog log = new JdbcEventStore(dataSource, JdbcEventStoreSettings.DEFAULT).log();
			TransactionTemplate readOnly = new TransactionTemplate(new JdbcTransactionManager(dataSource));
			readOnly.setReadOnly(true);
			assertThatExceptionOfType(EventStoreException.class)
				.isThrownBy(() -> readOnly.executeWithoutResult((status) -> log.append(EventRecords.events(1))))
				.withMessageContaining("without readOnly = true");
		}
	}

	@Test
	void missingTablesAreNamed() {
		try (HikariDataSource dataSource = pool("jdbc:h2:mem:" + UUID.randomUUID(), "sa", "")) {
			EventLog log = new JdbcEventStore(dataSource, JdbcEventStoreSettings.DEFAULT).log();
			assertThatExceptionOfType(EventStoreException.class).isThrownBy(() -> log.append(EventRecords.events(1)))
				.withMessageContaining("events.jdbc.migrate");
		}
	}

	@Test
	void aDatabaseThatCannotBeReachedIsToldSo() {
		HikariConfig config = new HikariConfig();
		config.setJdbcUrl("jdbc:postgresql://127.0.0.1:1/none");
		config.setInitializationFailTimeout(-1);
		config.setConnectionTimeout(300);
		try (HikariDataSource dataSource = new HikariDataSource(config)) {
			assertThatExceptionOfType(EventStoreException.class)
				.isThrownBy(() -> new JdbcEventStore(dataSource, JdbcEventStoreSettings.DEFAULT))
				.withMessageContaining("cannot be reached");
		}
	}

}
