package dev.events.jdbc;

import java.util.ArrayList;
import java.util.List;
import java.util.UUID;

import com.zaxxer.hikari.HikariDataSource;
import dev.events.store.EventCriteria;
import dev.events.store.EventLog;
import dev.events.test.store.EventRecords;
import org.h2.jdbcx.JdbcDataSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.transaction.TransactionDefinition;
import org.springframework.transaction.support.TransactionSynchronization;
import org.springframework.transaction.support.TransactionSynchronizationManager;
import org.springframework.transaction.support.TransactionTemplate;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Publishing in transactions of another data source.
 */
class ForeignTransactionTests {

	private final HikariDataSource dataSource = new HikariDataSource();

	private final TransactionTemplate foreign = new TransactionTemplate(new JdbcTransactionManager(database()));

	private static JdbcDataSource database() {
		JdbcDataSource dataSource = new JdbcDataSource();
		dataSource.setURL("jdbc:h2:mem:" + UUID.randomUUID());
		return dataSource;
	}

	private JdbcEventStore store(boolean autocommit) {
		this.dataSource.setJdbcUrl("jdbc:h2:mem:" + UUID.randomUUID());
		this.dataSource.setAutoCommit(autocommit);
		new EventsSchema(this.dataSource, JdbcEventStoreSettings.DEFAULT).migrate();
		return new JdbcEventStore(this.dataSource, JdbcEventStoreSettings.DEFAULT);
	}

	@AfterEach
	void close() {
		this.dataSource.close();
	}

	private static List<Long> append(JdbcEventStore store, String type) {
		return store.log().append(List.of(EventRecords.event(type, null)));
	}

	private static List<String> types(JdbcEventStore store) {
		return store.log().query(EventCriteria.ALL, 10).stream().map((stored) -> stored.event().type()).toList();
	}

	@ParameterizedTest
	@ValueSource(booleans = { true, false })
	void connectionThatIsMerelyKeptOpenIsNotTheTransaction(boolean autocommit) {
		JdbcEventStore store = store(autocommit);
		this.foreign.executeWithoutResult((status) -> {
			new JdbcTemplate(this.dataSource).queryForObject("select 1", Integer.class);
			assertThat(append(store, "kept")).containsExactly(EventLog.DEFERRED);
			assertThat(types(store)).isEmpty();
		});
		assertThat(types(store)).containsExactly("kept");
		this.foreign.executeWithoutResult((status) -> {
			new JdbcTemplate(this.dataSource).queryForObject("select 1", Integer.class);
			append(store, "dropped");
			status.setRollbackOnly();
		});
		assertThat(types(store)).containsExactly("kept");
		assertThat(store.deferredEvents()).isEqualTo(2);
		assertThat(store.lostAfterCommit()).isZero();
	}

	@Test
	void savepointTakesBackWhatWasPublishedAfterIt() {
		JdbcEventStore store = store(true);
		TransactionTemplate nested = new TransactionTemplate(this.foreign.getTransactionManager());
		nested.setPropagationBehavior(TransactionDefinition.PROPAGATION_NESTED);
		this.foreign.executeWithoutResult((status) -> {
			append(store, "before");
			nested.executeWithoutResult((inner) -> {
				append(store, "nested");
				inner.setRollbackOnly();
			});
			append(store, "after");
		});
		assertThat(types(store)).containsExactly("before", "after");
	}

	@Test
	void eventsAreThereWhenOthersHearOfTheCommit() {
		JdbcEventStore store = store(true);
		List<String> seen = new ArrayList<>();
		this.foreign.executeWithoutResult((status) -> {
			TransactionSynchronizationManager.registerSynchronization(new TransactionSynchronization() {

				@Override
				public void afterCompletion(int outcome) {
					seen.addAll(types(store));
				}

			});
			append(store, "published");
		});
		assertThat(seen).containsExactly("published");
	}

	@Test
	void whatIsPublishedAfterTheCommitIsStoredToo() {
		JdbcEventStore store = store(true);
		this.foreign.executeWithoutResult(
				(status) -> TransactionSynchronizationManager.registerSynchronization(new TransactionSynchronization() {

					@Override
					public void afterCommit() {
						append(store, "late");
					}

				}));
		assertThat(types(store)).containsExactly("late");
	}

	@Test
	void whatTheDatabaseDoesNotTakeIsCounted() {
		JdbcEventStore store = store(true);
		this.foreign.executeWithoutResult((status) -> append(store, "x".repeat(300)));
		assertThat(store.lostAfterCommit()).isEqualTo(1);
		assertThat(types(store)).isEmpty();
	}

}
