package dev.events.jdbc;

import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import dev.events.EventStoreException;
import dev.events.store.SubjectKeyRecord;
import dev.events.store.SubjectKeys;
import dev.events.test.postgres.PostgresDatabase;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.transaction.TransactionDefinition;
import org.springframework.transaction.support.TransactionTemplate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Keys of data subjects in transactions of the caller.
 */
@Timeout(60)
class SubjectKeyTransactionTests {

	@Nested
	class OnPostgres extends Scenarios {

		private static final PostgresDatabase DATABASE = JdbcStoreFixture.newPostgresDatabase();

		@Override
		HikariDataSource dataSource(int poolSize) {
			return pool(DATABASE.jdbcUrl(), DATABASE.user(), DATABASE.password(), poolSize);
		}

		@Test
		void theCallersLockTimeoutStays() {
			open(2);
			this.transaction.executeWithoutResult((status) -> {
				this.jdbc.sql("set local lock_timeout = '7s'").update();
				this.keys.add(this.key);
				assertThat(this.jdbc.sql("show lock_timeout").query(String.class).single()).isEqualTo("7s");
			});
		}

	}

	@Nested
	class OnH2 extends Scenarios {

		private final String url = "jdbc:h2:mem:" + UUID.randomUUID() + ";DB_CLOSE_DELAY=-1";

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

		final String subject = UUID.randomUUID().toString().replace("-", "").repeat(2);

		final SubjectKeyRecord key = new SubjectKeyRecord(this.subject, 1, "key");

		HikariDataSource dataSource;

		SubjectKeys keys;

		JdbcClient jdbc;

		TransactionTemplate transaction;

		abstract HikariDataSource dataSource(int poolSize);

		void open(int poolSize) {
			try (HikariDataSource setUp = dataSource(3)) {
				new EventsSchema(setUp, JdbcEventStoreSettings.DEFAULT).migrate();
			}
			this.dataSource = dataSource(poolSize);
			this.keys = new JdbcEventStore(this.dataSource, JdbcEventStoreSettings.DEFAULT).subjectKeys();
			this.jdbc = JdbcClient.create(this.dataSource);
			this.transaction = new TransactionTemplate(new JdbcTransactionManager(this.dataSource));
		}

		@AfterEach
		void close() {
			this.dataSource.close();
		}

		@Test
		void oneConnectionIsEnough() {
			open(1);
			this.transaction.executeWithoutResult((status) -> {
				assertThat(this.keys.find(this.subject)).isEmpty();
				assertThat(this.keys.add(this.key)).isEqualTo(this.key);
				assertThat(this.keys.find(this.subject)).hasValue(this.key);
			});
			assertThat(this.keys.find(this.subject)).hasValue(this.key);
			this.transaction.executeWithoutResult((status) -> assertThat(this.keys.erase(this.subject)).isTrue());
			assertThat(this.keys.find(this.subject)).hasValue(new SubjectKeyRecord(this.subject, 1, null));
		}

		@Test
		void whatIsRolledBackIsUndone() {
			open(2);
			this.transaction.executeWithoutResult((status) -> {
				this.keys.add(this.key);
				status.setRollbackOnly();
			});
			assertThat(this.keys.find(this.subject)).isEmpty();
			this.transaction.executeWithoutResult((status) -> {
				Object savepoint = status.createSavepoint();
				this.keys.add(this.key);
				status.rollbackToSavepoint(savepoint);
				assertThat(this.keys.find(this.subject)).isEmpty();
				this.keys.add(new SubjectKeyRecord(this.subject, 1, "second"));
			});
			assertThat(this.keys.find(this.subject).orElseThrow().wrapped()).isEqualTo("second");
			this.transaction.executeWithoutResult((status) -> {
				this.keys.erase(this.subject);
				status.setRollbackOnly();
			});
			assertThat(this.keys.find(this.subject).orElseThrow().wrapped()).isEqualTo("second");
		}

		@Test
		void theSecondTransactionWaitsForTheFirstAndGetsItsKey() throws Exception {
			open(3);
			CompletableFuture<SubjectKeyRecord> second = new CompletableFuture<>();
			this.transaction.executeWithoutResult((status) -> {
				this.keys.add(this.key);
				second.completeAsync(this::addOther);
				assertThat(second).isNotDone();
			});
			assertThat(second.get(20, TimeUnit.SECONDS)).isEqualTo(this.key);
		}

		private SubjectKeyRecord addOther() {
			while (true) {
				try {
					return this.transaction
						.execute((other) -> this.keys.add(new SubjectKeyRecord(this.subject, 1, "other")));
				}
				catch (EventStoreException ex) {
					// the machine stood still for longer than it waits
					assertThat(ex).hasMessageContaining("has not ended for two seconds");
				}
			}
		}

		@Test
		void aTransactionThatWaitsForItsOwnOuterOneIsToldAndGoesOn() {
			open(3);
			TransactionTemplate inner = new TransactionTemplate(new JdbcTransactionManager(this.dataSource));
			inner.setPropagationBehavior(TransactionDefinition.PROPAGATION_REQUIRES_NEW);
			this.transaction.executeWithoutResult((status) -> {
				this.keys.add(this.key);
				inner.executeWithoutResult((other) -> {
					assertThatExceptionOfType(EventStoreException.class).isThrownBy(() -> this.keys.add(this.key))
						.withMessageContaining("has not ended for two seconds");
					assertThat(this.keys.find(this.subject)).isEmpty();
				});
			});
			assertThat(this.keys.find(this.subject)).hasValue(this.key);
		}

	}

}
