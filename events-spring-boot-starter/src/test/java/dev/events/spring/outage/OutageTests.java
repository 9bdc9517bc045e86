package dev.events.spring.outage;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

import javax.sql.DataSource;

import com.zaxxer.hikari.HikariDataSource;
import dev.events.EventBus;
import dev.events.spring.EventsContext;
import dev.events.spring.actuate.EventsHealthIndicator;
import dev.events.test.postgres.PostgresDatabase;
import dev.events.test.postgres.PostgresServer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.Status;
import org.springframework.boot.jdbc.autoconfigure.DataSourceAutoConfiguration;
import org.springframework.boot.jdbc.autoconfigure.DataSourceTransactionManagerAutoConfiguration;
import org.springframework.boot.jdbc.autoconfigure.JdbcTemplateAutoConfiguration;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.transaction.autoconfigure.TransactionAutoConfiguration;
import org.springframework.context.ApplicationContext;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.transaction.support.TransactionTemplate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * A real PostgreSQL that goes away under an application that publishes and delivers, and
 * comes back. What must hold: publishers get a specific error soon, nothing is lost,
 * every key keeps its order, delivery goes on by itself, health says so, and the log
 * stays readable.
 */
@Timeout(120)
class OutageTests {

	private static final Duration CONNECTION_TIMEOUT = Duration.ofSeconds(1);

	// the longest pause between two attempts of the engine is 5 s
	private static final Duration RECOVERY = Duration.ofSeconds(15);

	private static PostgresServer server;

	private static PostgresDatabase database;

	@BeforeAll
	static void startServer() {
		server = PostgresServer.dedicated();
	}

	@AfterAll
	static void closeServer() {
		server.close();
	}

	@Test
	void theServerIsStoppedAndStartedAgain() {
		run((application) -> application.survive(() -> {
			server.stop();
			application.awaitHealth(Status.DOWN);
			letPass(Duration.ofSeconds(4));
			server.start();
		}));
	}

	@Test
	void theServerCrashesAndRecovers() {
		run((application) -> application.survive(() -> {
			server.crash();
			application.awaitHealth(Status.DOWN);
			letPass(Duration.ofSeconds(2));
			server.start();
		}));
	}

	@Test
	void allConnectionsAreCutAgainAndAgain() {
		run((application) -> application.survive(() -> {
			for (int cut = 0; cut < 20; cut++) {
				cutAllConnections();
				letPass(Duration.ofMillis(200));
			}
		}));
	}

	@Test
	void thePoolIsExhausted() {
		run((application) -> application.survive(() -> {
			List<Connection> held = new ArrayList<>();
			try {
				application.takeAllConnections(held);
				application.awaitHealth(Status.DOWN);
				letPass(CONNECTION_TIMEOUT.multipliedBy(2));
			}
			finally {
				for (Connection connection : held) {
					connection.close();
				}
			}
		}));
	}

	private static void cutAllConnections() {
		new JdbcTemplate(database.dataSource()).queryForList("select pg_terminate_backend(pid) from pg_stat_activity"
				+ " where datname = current_database() and pid <> pg_backend_pid()");
	}

	private static void run(Scenario scenario) {
		database = server.createDatabase();
		new ApplicationContextRunner().withConfiguration(EventsContext.autoConfigurations())
			.withConfiguration(AutoConfigurations.of(DataSourceAutoConfiguration.class,
					DataSourceTransactionManagerAutoConfiguration.class, TransactionAutoConfiguration.class,
					JdbcTemplateAutoConfiguration.class))
			.withPropertyValues("events.store=jdbc", "spring.datasource.url=" + database.jdbcUrl(),
					"spring.datasource.username=" + database.user(),
					"spring.datasource.password=" + database.password(),
					"spring.datasource.hikari.connection-timeout=" + CONNECTION_TIMEOUT.toMillis())
			.withBean(Traffic.Subscriber.class)
			.run((context) -> {
				try (Traffic traffic = new Traffic(context.getBean(EventBus.class),
						context.getBean(TransactionTemplate.class)); LogWatch log = new LogWatch()) {
					scenario.run(new Application(context, traffic, log));
				}
			});
	}

	/** Lets an outage last. */
	private static void letPass(Duration duration) {
		await().pollDelay(duration).atMost(duration.plusSeconds(30)).until(() -> true);
	}

	private interface Scenario {

		void run(Application application) throws Exception;

	}

	private interface Outage {

		void happen() throws SQLException;

	}

	/**
	 * The application, and what is watched of it.
	 */
	private record Application(ApplicationContext context, Traffic traffic, LogWatch log) {

		void survive(Outage outage) throws Exception {
			Traffic.Subscriber subscriber = this.context.getBean(Traffic.Subscriber.class);
			this.traffic.start();
			await().until(() -> subscriber.distinct() > 200);
			awaitHealth(Status.UP);
			this.log.clear();
			outage.happen();
			int before = subscriber.distinct();
			int acknowledged = this.traffic.acknowledgements();
			await().atMost(RECOVERY).until(() -> subscriber.distinct() > before + 100);
			await().atMost(RECOVERY).until(() -> this.traffic.acknowledgements() > acknowledged + 100);
			awaitHealth(Status.UP);
			this.traffic.stop();
			await().atMost(RECOVERY)
				.untilAsserted(() -> this.traffic.verify(this.context.getBean(JdbcTemplate.class), subscriber));
			publishersWereToldSoon();
			theLogIsReadable();
		}

		private void publishersWereToldSoon() {
			assertThat(this.traffic.failures()).isNotEmpty()
				.allMatch(Traffic.Failure::isSpecific)
				.allMatch((failure) -> failure.after().compareTo(CONNECTION_TIMEOUT.plusSeconds(3)) < 0);
		}

		/**
		 * Each part of the engine says once that it is in trouble, and once that it is
		 * over.
		 */
		private void theLogIsReadable() {
			assertThat(this.log.warnings()).doesNotHaveDuplicates().hasSizeLessThanOrEqualTo(7);
			assertThat(this.log.lines()).hasSizeLessThanOrEqualTo(14);
		}

		void awaitHealth(Status status) {
			EventsHealthIndicator indicator = this.context.getBean(EventsHealthIndicator.class);
			await().atMost(RECOVERY).until(() -> {
				Health health = indicator.health();
				return health != null && health.getStatus().equals(status);
			});
		}

		/** Until nobody else has any. */
		void takeAllConnections(List<Connection> held) throws SQLException {
			HikariDataSource pool = (HikariDataSource) this.context.getBean(DataSource.class);
			while (held.size() < pool.getMaximumPoolSize()) {
				held.add(pool.getConnection());
			}
		}

	}

}
