package dev.events.sample;

import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;

import dev.events.test.postgres.PostgresDatabase;
import dev.events.test.postgres.PostgresServer;
import org.junit.jupiter.api.Test;

import static dev.events.sample.SampleClient.eventually;
import static org.assertj.core.api.Assertions.assertThat;

/**
 * Crash tests on PostgreSQL.
 */
class PostgresCrashTests extends CrashContract {

	private final PostgresDatabase database = PostgresServer.shared().createDatabase();

	/**
	 * The one that is killed is in the middle of checkouts that the other one goes on
	 * with.
	 */
	@Test
	void ofTwoNodesOneIsKilledAndEveryCheckoutEndsOnce() throws Exception {
		Map<UUID, Integer> started = new ConcurrentHashMap<>();
		try (SampleProcess stays = start()) {
			for (int round = 0; round < 2; round++) {
				try (SampleProcess killed = start()) {
					int before = started.size();
					checkOutUntilItFails(stays.client(), started);
					eventually(() -> assertThat(started).hasSizeGreaterThan(before + 50));
					killed.kill();
				}
			}
			eventually(() -> assertThat(started).hasSizeGreaterThanOrEqualTo(400));
			assertCheckouts(stays.client(), started);
		}
	}

	@Override
	List<String> database() {
		return List.of("--spring.profiles.active=postgres", "--spring.datasource.url=" + this.database.jdbcUrl(),
				"--spring.datasource.username=" + this.database.user(),
				"--spring.datasource.password=" + this.database.password());
	}

}
