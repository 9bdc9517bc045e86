package dev.events.jdbc;

import java.io.IOException;
import java.io.StringReader;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Savepoint;
import java.sql.Statement;
import java.util.List;
import java.util.UUID;
import java.util.stream.Stream;
import javax.sql.DataSource;

import dev.events.test.postgres.PostgresDatabase;
import dev.events.test.store.EventRecords;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.postgresql.PGConnection;
import org.springframework.jdbc.core.simple.JdbcClient;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What the proof of {@link PostgresHorizon} needs: whatever way events are inserted, the
 * transaction's lock carries the last position that was drawn before its own first.
 */
class PostgresAppendLockTests {

	private static final String ONE = "insert into event_store (event_type, data) values ('a', '1')";

	private final PostgresDatabase database = JdbcStoreFixture.newPostgresDatabase();

	private final DataSource dataSource = this.database.dataSource();

	private final JdbcClient client = JdbcClient.create(this.dataSource);

	private Connection connection;

	@BeforeEach
	void begin() throws SQLException {
		new EventsSchema(this.dataSource, JdbcEventStoreSettings.DEFAULT).migrate();
		this.connection = this.dataSource.getConnection();
		this.connection.setAutoCommit(false);
	}

	@AfterEach
	void end() throws SQLException {
		this.connection.close();
	}

	private void run(String sql) throws SQLException {
		try (Statement statement = this.connection.createStatement()) {
			statement.execute(sql);
		}
	}

	/** What the locks carry; the lower half of a key is all there is here. */
	private List<Long> locks() {
		return this.client
			.sql("select objid::bigint from pg_locks where locktype = 'advisory'"
					+ " and database = (select oid from pg_database where datname = current_database()) order by 1")
			.query(Long.class)
			.list();
	}

	private long drawn() {
		return this.client
			.sql("select case when is_called then last_value else last_value - 1 end from event_store_position_seq")
			.query(Long.class)
			.single();
	}

	@ParameterizedTest
	@MethodSource("ways")
	void carriesWhatWasDrawnBefore(Insertion insertion) throws Exception {
		for (int round = 0; round < 8; round++) {
			long before = drawn();
			insertion.run(this.connection);
			assertThat(drawn()).isGreaterThan(before);
			assertThat(locks()).containsExactly(before);
			run(ONE);
			insertion.run(this.connection);
			assertThat(locks()).containsExactly(before);
			this.connection.commit();
			assertThat(locks()).isEmpty();
			this.client.sql(ONE).update();
		}
	}

	static Stream<Named<Insertion>> ways() {
		UUID taken = UUID.randomUUID();
		String conflicting = "insert into event_store (id, event_type, data) values ('%s', 'a', '1')".formatted(taken);
		return Stream.of(sql(ONE), sql(ONE + ", ('b', '2'), ('c', '3')"), sql(
				"insert into event_store (event_type, data) select 'a', to_json(i) from generate_series(1, 300) as i"),
				sql(conflicting + " on conflict (id) do nothing"),
				sql(conflicting + " on conflict (id) do update set data = excluded.data"),
				sql("with first as (" + ONE + " returning position), second as (" + ONE + " returning position)"
						+ " select * from first, second"),
				sql("do $$ begin for i in 1..2000 loop " + ONE + "; end loop; end $$"),
				sql("merge into event_store using (select 1) as s on false when not matched then"
						+ " insert (event_type, data) values ('a', '1')"),
				Named.of("prepared on the server", PostgresAppendLockTests::insertPrepared),
				Named.of("COPY", PostgresAppendLockTests::copy),
				Named.of("our own, one", (connection) -> append(connection, 1)),
				Named.of("our own, many", (connection) -> append(connection, 50)));
	}

	private static Named<Insertion> sql(String sql) {
		return Named.of(sql, (connection) -> {
			try (Statement statement = connection.createStatement()) {
				statement.execute(sql);
			}
		});
	}

	private static void insertPrepared(Connection connection) throws SQLException {
		connection.unwrap(PGConnection.class).setPrepareThreshold(1);
		try (PreparedStatement statement = connection
			.prepareStatement("insert into event_store (event_type, data) values ('a', ?::json)")) {
			for (int i = 0; i < 10; i++) {
				statement.setString(1, "1");
				statement.executeUpdate();
			}
		}
	}

	private static void copy(Connection connection) throws SQLException, IOException {
		connection.unwrap(PGConnection.class)
			.getCopyAPI()
			.copyIn("copy event_store (event_type, data) from stdin", new StringReader("a\t1\nb\t2\n"));
	}

	private static void append(Connection connection, int events) throws SQLException {
		new PostgresAppender(new Tables(null, "")).append(connection, EventRecords.events(events));
	}

	@Test
	void isTakenAgainWhenASavepointTookItBack() throws SQLException {
		for (int round = 0; round < 3; round++) {
			Savepoint savepoint = this.connection.setSavepoint();
			long before = drawn();
			run(ONE);
			assertThat(locks()).containsExactly(before);
			this.connection.rollback(savepoint);
			assertThat(locks()).isEmpty();
		}
		run("do $$ begin begin " + ONE + "; perform 1 / 0; exception when others then null; end; end $$");
		assertThat(locks()).isEmpty();
		long before = drawn();
		run(ONE);
		this.connection.setSavepoint();
		run(ONE);
		assertThat(locks()).containsExactly(before);
	}

	@Test
	void isKeptWhenAStatementOrAFunctionWithSettingsEnds() throws SQLException {
		run("create function publish() returns void language sql set search_path = public as $$ " + ONE + " $$");
		long before = drawn();
		for (int i = 0; i < 3; i++) {
			run("select publish()");
		}
		assertThat(locks()).contains(before).hasSizeLessThanOrEqualTo(2);
	}

	@Test
	void followsTheTableIntoAnotherSchema() throws SQLException {
		run(ONE);
		run("create schema \"My \"\"App\"");
		run("alter table event_store set schema \"My \"\"App\"");
		this.connection.commit();
		run("insert into \"My \"\"App\".event_store (event_type, data) values ('a', '1')");
		assertThat(locks()).containsExactly(1L);
	}

	/**
	 * Inserts events in some way.
	 */
	interface Insertion {

		void run(Connection connection) throws Exception;

	}

}
