package dev.events.test.postgres;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Map;

import javax.sql.DataSource;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

class PostgresServerTests {

	@Test
	void databasesAreEmptyAndApart() throws SQLException {
		PostgresDatabase first = PostgresServer.shared().createDatabase();
		PostgresDatabase second = PostgresServer.shared().createDatabase();
		execute(first.dataSource(), "create table t (id int)");
		execute(second.dataSource(), "create table t (id int)");
		assertThat(first.name()).isNotEqualTo(second.name());
	}

	@Test
	void connectionsHaveTheGivenSettings() throws SQLException {
		DataSource dataSource = PostgresServer.shared()
			.createDatabase()
			.dataSource(Map.of("default_transaction_isolation", "repeatable read", "work_mem", "5MB"));
		assertThat(value(dataSource, "show default_transaction_isolation")).isEqualTo("repeatable read");
		assertThat(value(dataSource, "show work_mem")).isEqualTo("5MB");
	}

	@Test
	void dedicatedServerKeepsDataAndPortThroughAnOutage() throws SQLException {
		try (PostgresServer server = PostgresServer.dedicated()) {
			DataSource dataSource = server.createDatabase().dataSource();
			execute(dataSource, "create table t as select 42 as answer");
			server.stop();
			assertThatExceptionOfType(SQLException.class).isThrownBy(() -> value(dataSource, "select 1"));
			server.start();
			assertThat(value(dataSource, "select answer from t")).isEqualTo("42");
		}
	}

	@Test
	void sharedServerIsNotStopped() {
		assertThatIllegalStateException().isThrownBy(() -> PostgresServer.shared().stop());
		assertThatIllegalStateException().isThrownBy(() -> PostgresServer.shared().close());
	}

	private static void execute(DataSource dataSource, String sql) throws SQLException {
		try (Connection connection = dataSource.getConnection(); Statement statement = connection.createStatement()) {
			statement.execute(sql);
		}
	}

	private static String value(DataSource dataSource, String sql) throws SQLException {
		try (Connection connection = dataSource.getConnection();
				Statement statement = connection.createStatement();
				ResultSet row = statement.executeQuery(sql)) {
			row.next();
			return row.getString(1);
		}
	}

}
