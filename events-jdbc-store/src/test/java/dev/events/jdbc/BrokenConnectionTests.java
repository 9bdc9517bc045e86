package dev.events.jdbc;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.UUID;

import dev.events.EventStoreException;
import dev.events.UnknownOutcomeException;
import dev.events.store.EventLog;
import dev.events.store.EventRecord;
import dev.events.test.store.EventRecords;
import org.h2.jdbcx.JdbcDataSource;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.datasource.DelegatingDataSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Connections that break at the worst moment.
 */
class BrokenConnectionTests {

	private volatile String broken = "";

	private volatile String state = "08006";

	private final EventLog log = log();

	private EventLog log() {
		JdbcDataSource database = new JdbcDataSource();
		database.setURL("jdbc:h2:mem:" + UUID.randomUUID() + ";DB_CLOSE_DELAY=-1");
		new EventsSchema(database, JdbcEventStoreSettings.DEFAULT).migrate();
		return new JdbcEventStore(new DelegatingDataSource(database) {

			@Override
			public Connection getConnection() throws SQLException {
				if (BrokenConnectionTests.this.broken.equals("getConnection")) {
					throw new SQLException("broken", "08001");
				}
				return breaking(super.getConnection());
			}

		}, JdbcEventStoreSettings.DEFAULT).log();
	}

	private Connection breaking(Connection connection) {
		return (Connection) Proxy.newProxyInstance(getClass().getClassLoader(), new Class<?>[] { Connection.class },
				(proxy, method, arguments) -> {
					try {
						Object result = method.invoke(connection, arguments);
						if (method.getName().equals(this.broken)) {
							throw new SQLException("broken", this.state);
						}
						return result;
					}
					catch (InvocationTargetException ex) {
						throw ex.getCause();
					}
				});
	}

	@Test
	void whatIsStoredIsStoredAlthoughTheConnectionBreaksAfterwards() {
		this.broken = "close";
		assertThat(this.log.append(List.of(EventRecords.event("one", null)))).singleElement()
			.satisfies((position) -> assertThat(position).isPositive());
		assertThat(this.log.append(EventRecords.events(2))).hasSize(2);
		this.broken = "";
		assertThat(this.log.read(0, Long.MAX_VALUE, 10)).hasSize(3);
	}

	@Test
	void ofACommitWithoutAnswerNobodyKnows() {
		this.broken = "commit";
		List<EventRecord> events = EventRecords.events(2);
		assertThatExceptionOfType(UnknownOutcomeException.class).isThrownBy(() -> this.log.append(events))
			.withMessageContaining("It is not known whether the event store did append events");
		this.broken = "";
		assertThat(this.log.append(events)).containsOnly(EventLog.DUPLICATE);
	}

	@Test
	void ofAStatementWithoutAnswerNobodyKnows() {
		this.broken = "prepareStatement";
		List<EventRecord> one = List.of(EventRecords.event("one", null));
		assertThatExceptionOfType(UnknownOutcomeException.class).isThrownBy(() -> this.log.append(one));
		this.state = "23514";
		assertThatExceptionOfType(EventStoreException.class).isThrownBy(() -> this.log.append(one))
			.isNotInstanceOf(UnknownOutcomeException.class);
	}

	@Test
	void whatBreaksBeforeTheCommitIsNotStored() {
		this.broken = "prepareStatement";
		assertThatExceptionOfType(EventStoreException.class).isThrownBy(() -> this.log.append(EventRecords.events(2)))
			.isNotInstanceOf(UnknownOutcomeException.class)
			.withMessageContaining("cannot be reached");
		this.broken = "getConnection";
		assertThatExceptionOfType(EventStoreException.class)
			.isThrownBy(() -> this.log.append(List.of(EventRecords.event("one", null))))
			.isNotInstanceOf(UnknownOutcomeException.class)
			.withMessageContaining("cannot be reached");
	}

	@Test
	void aRefusedCommitIsARefusal() {
		this.broken = "commit";
		this.state = "40001";
		assertThatExceptionOfType(EventStoreException.class).isThrownBy(() -> this.log.append(EventRecords.events(2)))
			.isNotInstanceOf(UnknownOutcomeException.class);
	}

}
