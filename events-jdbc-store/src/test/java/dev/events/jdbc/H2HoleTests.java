package dev.events.jdbc;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.locks.LockSupport;

import com.zaxxer.hikari.HikariDataSource;
import dev.events.store.EventLog;
import dev.events.store.StoredEvent;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.SingleConnectionDataSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Holes on H2, where sessions that hold a lock on the table may still fill them.
 */
@Timeout(120)
class H2HoleTests {

	private final HikariDataSource dataSource = pool();

	private static HikariDataSource pool() {
		HikariDataSource dataSource = new HikariDataSource();
		dataSource.setJdbcUrl("jdbc:h2:mem:" + UUID.randomUUID());
		dataSource.setMaximumPoolSize(12);
		return dataSource;
	}

	/** A replay ends at the head: it must not end before what was delivered already. */
	@Test
	void theHeadIsNotBehindFollowersWhileSomebodyPublishes() throws Exception {
		new EventsSchema(this.dataSource, JdbcEventStoreSettings.DEFAULT).migrate();
		EventLog log = new JdbcEventStore(this.dataSource, JdbcEventStoreSettings.DEFAULT).log();
		append("1");
		assertThat(log.head()).isEqualTo(1);
		append("2");
		append("3");
		try (Connection open = this.dataSource.getConnection()) {
			open.setAutoCommit(false);
			JdbcClient.create(new SingleConnectionDataSource(open, true))
				.sql("insert into event_store (event_type, data) values ('a.b', '4')")
				.update();
			assertThat(log.follow(0, 10).events()).extracting(StoredEvent::position).containsExactly(1L, 2L, 3L);
			assertThat(log.head()).isEqualTo(3);
			open.rollback();
		}
		finally {
			this.dataSource.close();
		}
	}

	private void append(String data) {
		JdbcClient.create(this.dataSource)
			.sql("insert into event_store (event_type, data) values ('a.b', ?)")
			.param(data)
			.update();
	}

	/** Publishers by plain SQL, which draws the position before it locks the table. */
	@RepeatedTest(10)
	void followerMissesNothing() throws Exception {
		new EventsSchema(this.dataSource, JdbcEventStoreSettings.DEFAULT).migrate();
		JdbcEventStore store = new JdbcEventStore(this.dataSource, JdbcEventStoreSettings.DEFAULT);
		Set<String> committed = ConcurrentHashMap.newKeySet();
		List<StoredEvent> followed = FollowedPublishing.run(store.log(), 300, (random) -> publish(random, committed));
		this.dataSource.close();
		assertThat(followed).extracting(StoredEvent::position).isSorted().doesNotHaveDuplicates();
		assertThat(followed).extracting((event) -> event.event().data()).containsExactlyInAnyOrderElementsOf(committed);
	}

	private void publish(Random random, Set<String> committed) throws SQLException {
		List<String> mine = new ArrayList<>();
		try (Connection connection = this.dataSource.getConnection();
				PreparedStatement statement = connection
					.prepareStatement("insert into event_store (event_type, data) values ('a.b', ?)")) {
			connection.setAutoCommit(false);
			for (int i = 0; i <= random.nextInt(3); i++) {
				String data = "\"" + UUID.randomUUID() + "\"";
				statement.setString(1, data);
				statement.executeUpdate();
				mine.add(data);
				if (random.nextInt(3) == 0) {
					LockSupport.parkNanos(ThreadLocalRandom.current().nextInt(500_000));
				}
			}
			if (random.nextInt(4) == 0) {
				connection.rollback();
			}
			else {
				connection.commit();
				committed.addAll(mine);
			}
		}
	}

}
