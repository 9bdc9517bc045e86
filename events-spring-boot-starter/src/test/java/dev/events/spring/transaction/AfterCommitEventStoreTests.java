package dev.events.spring.transaction;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;

import javax.sql.DataSource;

import dev.events.EventStoreException;
import dev.events.memory.MemoryEventStore;
import dev.events.store.EventCriteria;
import dev.events.store.EventLog;
import dev.events.store.EventRecord;
import dev.events.store.EventStore;
import org.h2.jdbcx.JdbcDataSource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.transaction.TransactionDefinition;
import org.springframework.transaction.support.TransactionSynchronization;
import org.springframework.transaction.support.TransactionSynchronizationManager;
import org.springframework.transaction.support.TransactionTemplate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.mockito.ArgumentMatchers.any;
import static org.mockito.BDDMockito.given;
import static org.mockito.Mockito.mock;

@ExtendWith(OutputCaptureExtension.class)
class AfterCommitEventStoreTests {

	private final TransactionTemplate transaction = new TransactionTemplate(new JdbcTransactionManager(dataSource()));

	private final AfterCommitEventStore store = new AfterCommitEventStore(new MemoryEventStore());

	@Test
	void appendsAtOnceOutsideTransactions() {
		assertThat(append("a")).containsExactly(1L);
		assertThat(types()).containsExactly("a");
	}

	@Test
	void appendsWhenTheTransactionHasCommitted() {
		this.transaction.executeWithoutResult((status) -> {
			assertThat(append("a", "b")).containsExactly(EventLog.DEFERRED, EventLog.DEFERRED);
			append("c");
			assertThat(types()).isEmpty();
		});
		assertThat(types()).containsExactly("a", "b", "c");
	}

	@Test
	void appendsNothingWhenItIsRolledBack() {
		this.transaction.executeWithoutResult((status) -> {
			append("a");
			status.setRollbackOnly();
		});
		assertThat(types()).isEmpty();
		assertThat(TransactionSynchronizationManager.isSynchronizationActive()).isFalse();
	}

	@Test
	void appendsForInnerTransactionsOnTheirOwn() {
		TransactionTemplate inner = new TransactionTemplate(this.transaction.getTransactionManager());
		inner.setPropagationBehavior(TransactionDefinition.PROPAGATION_REQUIRES_NEW);
		this.transaction.executeWithoutResult((status) -> {
			append("outer");
			inner.executeWithoutResult((innerStatus) -> append("inner"));
			assertThat(types()).containsExactly("inner");
			status.setRollbackOnly();
		});
		assertThat(types()).containsExactly("inner");
	}

	@Test
	void forgetsWhatWasPublishedAfterASavepoint() {
		TransactionTemplate nested = new TransactionTemplate(this.transaction.getTransactionManager());
		nested.setPropagationBehavior(TransactionDefinition.PROPAGATION_NESTED);
		this.transaction.executeWithoutResult((status) -> {
			append("before");
			nested.executeWithoutResult((nestedStatus) -> {
				append("nested");
				nestedStatus.setRollbackOnly();
			});
			append("after");
		});
		assertThat(types()).containsExactly("before", "after");
	}

	@Test
	void appendsWhatAnAfterCommitCallbackPublishes() {
		this.transaction.executeWithoutResult(
				(status) -> TransactionSynchronizationManager.registerSynchronization(new TransactionSynchronization() {

					@Override
					public void afterCommit() {
						append("late");
					}

				}));
		assertThat(types()).containsExactly("late");
	}

	@Test
	void tellsOfTheCommitAfterAppending() {
		List<String> seen = new ArrayList<>();
		SpringPublishTransactions transactions = new SpringPublishTransactions();
		this.transaction.executeWithoutResult((status) -> {
			transactions.afterCompletion(() -> seen.addAll(types()), () -> seen.add("rollback"));
			append("a");
		});
		assertThat(seen).containsExactly("a");
		this.transaction.executeWithoutResult((status) -> {
			transactions.afterCompletion(() -> seen.add("commit"), () -> seen.add("rollback"));
			status.setRollbackOnly();
		});
		assertThat(seen).containsExactly("a", "rollback");
	}

	@Test
	void logsAndCountsWhatIsLost(CapturedOutput output) {
		EventLog log = mock();
		given(log.append(any())).willThrow(new EventStoreException("down", null));
		EventStore unreachable = mock();
		given(unreachable.log()).willReturn(log);
		AfterCommitEventStore broken = new AfterCommitEventStore(unreachable);
		this.transaction.executeWithoutResult((status) -> broken.log().append(List.of(record("lost.one"))));
		assertThat(broken.lostEvents()).isEqualTo(1);
		assertThat(output).contains("1 events of a committed transaction are lost").contains("lost.one");
	}

	private List<Long> append(String... types) {
		return this.store.log().append(List.of(types).stream().map(AfterCommitEventStoreTests::record).toList());
	}

	private List<String> types() {
		return this.store.log().query(EventCriteria.ALL, 100).stream().map((stored) -> stored.event().type()).toList();
	}

	private static EventRecord record(String type) {
		UUID id = UUID.randomUUID();
		return new EventRecord(id, type, "1.0.0", "test", null, null, null, id.toString(), null, Instant.now(), "{}",
				Map.of());
	}

	private static DataSource dataSource() {
		JdbcDataSource dataSource = new JdbcDataSource();
		dataSource.setURL("jdbc:h2:mem:" + UUID.randomUUID() + ";DB_CLOSE_DELAY=-1");
		return dataSource;
	}

}
