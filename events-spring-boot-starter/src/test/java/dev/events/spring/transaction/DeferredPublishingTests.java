package dev.events.spring.transaction;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;

import com.zaxxer.hikari.HikariDataSource;
import dev.events.Event;
import dev.events.EventBus;
import dev.events.EventStoreException;
import dev.events.Publication;
import dev.events.UnknownOutcomeException;
import dev.events.bus.DurableEventBus;
import dev.events.jdbc.EventsSchema;
import dev.events.jdbc.JdbcEventStore;
import dev.events.jdbc.JdbcEventStoreSettings;
import dev.events.memory.MemoryEventStore;
import dev.events.spring.actuate.EventMeters;
import dev.events.store.EventLog;
import dev.events.store.EventStore;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import org.h2.jdbcx.JdbcDataSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.mockito.Answers;

import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.datasource.ConnectionHolder;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.transaction.TransactionDefinition;
import org.springframework.transaction.TransactionSystemException;
import org.springframework.transaction.support.DefaultTransactionStatus;
import org.springframework.transaction.support.TransactionSynchronization;
import org.springframework.transaction.support.TransactionSynchronizationManager;
import org.springframework.transaction.support.TransactionTemplate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.mockito.ArgumentMatchers.any;
import static org.mockito.BDDMockito.given;
import static org.mockito.Mockito.mock;

/**
 * Publishing in transactions that the store cannot take part in.
 */
class DeferredPublishingTests {

	private static JdbcDataSource database() {
		JdbcDataSource dataSource = new JdbcDataSource();
		dataSource.setURL("jdbc:h2:mem:" + UUID.randomUUID());
		return dataSource;
	}

	abstract static class Scenarios {

		final TransactionTemplate foreign = new TransactionTemplate(new JdbcTransactionManager(database()));

		EventBus bus;

		abstract EventStore store();

		@BeforeEach
		void open() {
			this.bus = bus(store());
		}

		static EventBus bus(EventStore store) {
			return DurableEventBus.builder(store).transactions(new SpringPublishTransactions()).build();
		}

		TransactionTemplate with(int propagation) {
			TransactionTemplate template = new TransactionTemplate(this.foreign.getTransactionManager());
			template.setPropagationBehavior(propagation);
			return template;
		}

		void publish(String type) {
			this.bus.publish(Event.of(type, 1));
		}

		List<String> types() {
			return this.bus.query().list(10).stream().map(Event::type).toList();
		}

		@Test
		void isStoredAtOnceOutsideTransactions() {
			publish("a");
			assertThat(types()).containsExactly("a");
			assertThat(this.bus.stats().deferred()).isZero();
		}

		List<String> waiting() {
			return this.bus.scheduled().list(10, null).events().stream().map((event) -> event.event().type()).toList();
		}

		UUID schedule(String type) {
			return this.bus.publishIn(Duration.ofHours(1), Event.of(type, 1)).event().id();
		}

		@Test
		void schedulesAndCancelsWhenTheTransactionHasCommitted() {
			UUID before = schedule("before");
			UUID within = this.foreign.execute((status) -> {
				assertThat(this.bus.scheduled().cancel(before)).isTrue();
				assertThat(this.bus.scheduled().cancel(before)).isFalse();
				UUID cancelled = schedule("cancelled");
				assertThat(this.bus.scheduled().cancel(cancelled)).isTrue();
				assertThat(this.bus.scheduled().cancel(cancelled)).isFalse();
				assertThat(this.bus.scheduled().cancel(UUID.randomUUID())).isFalse();
				UUID kept = schedule("within");
				assertThat(waiting()).containsExactly("before");
				return kept;
			});
			assertThat(waiting()).containsExactly("within");
			assertThat(this.bus.scheduled().find(within)).isPresent();
			assertThat(this.bus.stats().deferred()).isEqualTo(2);
		}

		@Test
		void neitherSchedulesNorCancelsWhenTheTransactionIsRolledBack() {
			UUID before = schedule("before");
			this.foreign.executeWithoutResult((status) -> {
				schedule("within");
				this.bus.scheduled().cancel(before);
				status.setRollbackOnly();
			});
			assertThat(waiting()).containsExactly("before");
		}

		@Test
		void aSavepointUndoesSchedulingAndCancelling() {
			UUID before = schedule("before");
			this.foreign.executeWithoutResult((status) -> {
				schedule("outer");
				with(TransactionDefinition.PROPAGATION_NESTED).executeWithoutResult((nested) -> {
					schedule("inner");
					this.bus.scheduled().cancel(before);
					nested.setRollbackOnly();
				});
			});
			assertThat(waiting()).containsExactly("before", "outer");
		}

		@Test
		void isStoredWhenTheTransactionHasCommitted() {
			this.foreign.executeWithoutResult((status) -> {
				assertThat(this.bus.publishAll(List.of(Event.of("a", 1), Event.of("b", 2)))).hasSize(2)
					.allMatch(Publication::isStored);
				publish("c");
				assertThat(types()).isEmpty();
				assertThat(this.bus.stats().published()).isZero();
			});
			assertThat(types()).containsExactly("a", "b", "c");
			assertThat(this.bus.stats().published()).isEqualTo(3);
			assertThat(this.bus.stats().deferred()).isEqualTo(3);
			assertThat(this.bus.stats().lost()).isZero();
		}

		@Test
		void isForgottenWhenTheTransactionIsRolledBack() {
			this.foreign.executeWithoutResult((status) -> {
				publish("a");
				status.setRollbackOnly();
			});
			assertThat(types()).isEmpty();
			publish("b");
			assertThat(types()).containsExactly("b");
		}

		@Test
		void innerTransactionsHaveTheirOwn() {
			TransactionTemplate inner = with(TransactionDefinition.PROPAGATION_REQUIRES_NEW);
			this.foreign.executeWithoutResult((status) -> {
				publish("outer");
				inner.executeWithoutResult((innerStatus) -> publish("inner"));
				assertThat(types()).containsExactly("inner");
				publish("outer.again");
			});
			assertThat(types()).containsExactly("inner", "outer", "outer.again");
		}

		@Test
		void savepointTakesBackWhatWasPublishedAfterIt() {
			TransactionTemplate nested = with(TransactionDefinition.PROPAGATION_NESTED);
			this.foreign.executeWithoutResult((status) -> {
				nested.executeWithoutResult((inner) -> {
					publish("first");
					inner.setRollbackOnly();
				});
				publish("before");
				nested.executeWithoutResult((inner) -> {
					publish("nested");
					inner.setRollbackOnly();
				});
				publish("after");
			});
			assertThat(types()).containsExactly("before", "after");
		}

		@Test
		void isThereWhenOthersHearOfTheCommit() {
			List<String> seen = new ArrayList<>();
			this.foreign.executeWithoutResult((status) -> {
				TransactionSynchronizationManager.registerSynchronization(new TransactionSynchronization() {

					@Override
					public void afterCompletion(int outcome) {
						seen.addAll(types());
					}

				});
				publish("published");
			});
			assertThat(seen).containsExactly("published");
		}

		@Test
		void whatIsPublishedAfterTheCommitIsStoredToo() {
			this.foreign.executeWithoutResult((status) -> TransactionSynchronizationManager
				.registerSynchronization(new TransactionSynchronization() {

					@Override
					public void afterCommit() {
						publish("after.commit");
					}

					@Override
					public void afterCompletion(int outcome) {
						publish("after.completion");
					}

				}));
			assertThat(types()).containsExactly("after.commit", "after.completion");
		}

		@Test
		void futureIsCompletedWhenItIsStored() {
			CompletableFuture<Publication> future = new CompletableFuture<>();
			this.foreign.executeWithoutResult((status) -> {
				this.bus.publishAsync(Event.of("a", 1)).thenAccept((publication) -> {
					assertThat(types()).containsExactly("a");
					future.complete(publication);
				});
				assertThat(future).isNotDone();
			});
			assertThat(future).isCompletedWithValueMatching(Publication::isStored);
		}

	}

	@Nested
	class InMemory extends Scenarios {

		@Override
		EventStore store() {
			return new MemoryEventStore();
		}

	}

	@Test
	@ExtendWith(OutputCaptureExtension.class)
	void whatIsLostIsLoggedAndCountedAndTold(CapturedOutput output) {
		EventLog log = mock();
		given(log.append(any())).willThrow(new EventStoreException("down", null));
		EventStore down = mock(Answers.RETURNS_MOCKS);
		given(down.log()).willReturn(log);
		EventBus broken = Scenarios.bus(down);
		CompletableFuture<Publication> future = new TransactionTemplate(new JdbcTransactionManager(database()))
			.execute((status) -> broken.publishAsync(Event.of("lost.one", 1)));
		assertThat(output).contains("1 events of a committed transaction are lost").contains("lost.one");
		assertThat(future).failsWithin(Duration.ZERO)
			.withThrowableThat()
			.withMessageContaining("committed, but its events were not stored");
		assertThat(broken.stats().lost()).isEqualTo(1);
		SimpleMeterRegistry registry = new SimpleMeterRegistry();
		new EventMeters(broken).bindTo(registry);
		assertThat(registry.get("events.deferred").functionCounter().count()).isEqualTo(1);
		assertThat(registry.get("events.lost").functionCounter().count()).isEqualTo(1);
		assertThat(broken.stats().published()).isZero();
	}

	@Test
	@ExtendWith(OutputCaptureExtension.class)
	void whatMayBeStoredIsNotCalledLost(CapturedOutput output) {
		EventLog log = mock();
		given(log.append(any())).willThrow(new UnknownOutcomeException("no answer", null));
		EventStore silent = mock(Answers.RETURNS_MOCKS);
		given(silent.log()).willReturn(log);
		EventBus broken = Scenarios.bus(silent);
		CompletableFuture<Publication> future = new TransactionTemplate(new JdbcTransactionManager(database()))
			.execute((status) -> broken.publishAsync(Event.of("lost.one", 1)));
		assertThat(output).contains("It is not known whether 1 events of a committed transaction were stored")
			.doesNotContain("are lost");
		assertThat(future).failsWithin(Duration.ZERO)
			.withThrowableThat()
			.withCauseInstanceOf(UnknownOutcomeException.class)
			.withMessageContaining("it is not known whether its events were stored");
		assertThat(broken.stats().lost()).isZero();
		assertThat(broken.stats().unknown()).isEqualTo(1);
		SimpleMeterRegistry registry = new SimpleMeterRegistry();
		new EventMeters(broken).bindTo(registry);
		assertThat(registry.get("events.unknown").functionCounter().count()).isEqualTo(1);
	}

	@Test
	void ofATransactionWithUnknownOutcomeNobodyIsToldMore() {
		EventBus bus = Scenarios.bus(new MemoryEventStore());
		JdbcTransactionManager manager = new JdbcTransactionManager(database()) {

			@Override
			protected void doCommit(DefaultTransactionStatus status) {
				super.doCommit(status);
				throw new TransactionSystemException("no answer");
			}

		};
		List<CompletableFuture<Publication>> futures = new ArrayList<>();
		assertThatExceptionOfType(TransactionSystemException.class).isThrownBy(() -> new TransactionTemplate(manager)
			.executeWithoutResult((status) -> futures.add(bus.publishAsync(Event.of("a", 1)))));
		assertThat(futures.get(0)).failsWithin(Duration.ZERO)
			.withThrowableThat()
			.withMessageContaining("It is not known whether the transaction was committed")
			.withMessageContaining("were not stored");
		assertThat(bus.query().list(10)).isEmpty();
	}

	@Nested
	class InAnotherDatabase extends Scenarios {

		private final HikariDataSource dataSource = new HikariDataSource();

		@Override
		EventStore store() {
			this.dataSource.setJdbcUrl("jdbc:h2:mem:" + UUID.randomUUID());
			new EventsSchema(this.dataSource, JdbcEventStoreSettings.DEFAULT).migrate();
			return new JdbcEventStore(this.dataSource, JdbcEventStoreSettings.DEFAULT);
		}

		@AfterEach
		void close() {
			this.dataSource.close();
		}

		/**
		 * With JTA the connection joins the transaction when the application first uses
		 * it.
		 */
		@Test
		void whatFollowsADeferredEventIsDeferredToo() throws SQLException {
			try (Connection connection = this.dataSource.getConnection()) {
				connection.setAutoCommit(false);
				this.foreign.executeWithoutResult((status) -> {
					publish("first");
					TransactionSynchronizationManager.bindResource(this.dataSource, new ConnectionHolder(connection));
					try {
						publish("second");
						connection.commit();
					}
					catch (SQLException ex) {
						throw new IllegalStateException(ex);
					}
					finally {
						TransactionSynchronizationManager.unbindResource(this.dataSource);
					}
				});
			}
			assertThat(types()).containsExactly("first", "second");
		}

		@Test
		void connectionThatIsMerelyKeptOpenIsNotTheTransaction() {
			this.foreign.executeWithoutResult((status) -> {
				new JdbcTemplate(this.dataSource).queryForObject("select 1", Integer.class);
				publish("dropped");
				status.setRollbackOnly();
			});
			assertThat(types()).isEmpty();
		}

	}

}
