package dev.events.jdbc;

import java.util.List;
import java.util.UUID;

import com.zaxxer.hikari.HikariDataSource;
import dev.events.EventStoreException;
import dev.events.store.EventCriteria;
import dev.events.store.EventLog;
import dev.events.test.store.EventRecords;
import org.h2.jdbcx.JdbcDataSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Transactions of another data source are told from those of the store.
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

	@ParameterizedTest
	@ValueSource(booleans = { true, false })
	void connectionThatIsMerelyKeptOpenIsNotTheTransaction(boolean autocommit) {
		JdbcEventStore store = store(autocommit);
		EventLog log = store.log();
		this.foreign.executeWithoutResult((status) -> {
			assertThat(store.isInTransaction()).isFalse();
			new JdbcTemplate(this.dataSource).queryForObject("select 1", Integer.class);
			assertThat(store.isInTransaction()).isFalse();
			assertThatExceptionOfType(EventStoreException.class)
				.isThrownBy(() -> log.append(List.of(EventRecords.event("undecided", null))))
				.withMessageContaining("not one of its data source");
		});
		assertThat(log.query(EventCriteria.ALL, 10)).isEmpty();
	}

}
