package dev.events.spring.transaction;

import java.sql.Connection;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;

import javax.sql.DataSource;

import dev.events.DeadLetters;
import dev.events.Event;
import dev.events.EventBus;
import dev.events.Subscriber;
import dev.events.Subscription;
import dev.events.spring.EventsContext;
import dev.events.test.postgres.PostgresDatabase;
import dev.events.test.postgres.PostgresServer;
import jakarta.persistence.Entity;
import jakarta.persistence.EntityManager;
import jakarta.persistence.EntityManagerFactory;
import jakarta.persistence.Id;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.hibernate.autoconfigure.HibernateJpaAutoConfiguration;
import org.springframework.boot.jdbc.autoconfigure.DataSourceAutoConfiguration;
import org.springframework.boot.jdbc.autoconfigure.DataSourceTransactionManagerAutoConfiguration;
import org.springframework.boot.jdbc.autoconfigure.JdbcTemplateAutoConfiguration;
import org.springframework.boot.persistence.autoconfigure.EntityScan;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.transaction.autoconfigure.TransactionAutoConfiguration;
import org.springframework.context.annotation.Configuration;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.orm.jpa.SharedEntityManagerCreator;
import org.springframework.transaction.CannotCreateTransactionException;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.TransactionDefinition;
import org.springframework.transaction.TransactionStatus;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Transactional subscribers where others change cursors, on PostgreSQL.
 */
@Timeout(120)
class TransactionalReviewTests {

	private ApplicationContextRunner runner = EventsContext.plain();

	@BeforeEach
	void setUp() {
		PostgresDatabase database = PostgresServer.shared().createDatabase();
		this.runner = EventsContext.plain()
			.withPropertyValues("spring.datasource.url=" + database.jdbcUrl(),
					"spring.datasource.username=" + database.user(),
					"spring.datasource.password=" + database.password(), "spring.datasource.hikari.maximum-pool-size=6",
					"events.delivery.poll-interval=50ms", "events.delivery.lease-duration=2s")
			.withConfiguration(AutoConfigurations.of(DataSourceAutoConfiguration.class,
					DataSourceTransactionManagerAutoConfiguration.class, TransactionAutoConfiguration.class,
					JdbcTemplateAutoConfiguration.class));
	}

	private static void letPass(Duration duration) {
		await().pollDelay(duration).atMost(duration.plusSeconds(30)).until(() -> true);
	}

	@Test
	void anotherNumberOfPartitionsRepeatsNoEffect() {
		this.runner.run((context) -> {
			JdbcTemplate jdbc = context.getBean(JdbcTemplate.class);
			EventBus bus = context.getBean(EventBus.class);
			jdbc.execute("create table effects (what varchar(100))");
			Subscriber<Object> subscriber = Subscriber.to("a")
				.id("s")
				.partitions(2)
				.transactional()
				.handler((event) -> jdbc.update("insert into effects values (?)", String.valueOf(event.data())));
			for (int round = 0; round < 6; round++) {
				int partitions = 2 + round % 2;
				Subscription subscription = bus.subscribe(subscriber.with((changed) -> changed.partitions(partitions)));
				await().until(() -> jdbc.queryForObject(
						"select count(*) from event_cursors where owner is not null and owner <> ''",
						Integer.class) == partitions);
				letPass(Duration.ofMillis(300));
				bus.publish(Event.of("a", round).withKey("k" + round));
				int expected = round + 1;
				await().untilAsserted(
						() -> assertThat(jdbc.queryForObject("select count(distinct what) from effects", Integer.class))
							.isEqualTo(expected));
				subscription.close();
			}
			bus.subscribe(subscriber);
			letPass(Duration.ofSeconds(1));
			assertThat(jdbc.queryForList("select what from effects order by what", String.class)).containsExactly("0",
					"1", "2", "3", "4", "5");
		});
	}

	private static int count(JdbcTemplate jdbc) {
		Integer count = jdbc.queryForObject("select count(*) from effects", Integer.class);
		return (count != null) ? count : 0;
	}

	@Test
	void theLeaseMayBeRenewedWhileAHandlerHasASnapshot() {
		this.runner.withPropertyValues("spring.datasource.hikari.transaction-isolation=TRANSACTION_REPEATABLE_READ")
			.run((context) -> {
				JdbcTemplate jdbc = context.getBean(JdbcTemplate.class);
				EventBus bus = context.getBean(EventBus.class);
				jdbc.execute("create table effects (what varchar(100))");
				bus.subscribe(
						Subscriber.to("a").id("s").partitions(1).maxAttempts(2).transactional().handler((event) -> {
							jdbc.update("insert into effects values (?)", String.valueOf(event.data()));
							letPass(Duration.ofMillis(1500));
						}));
				bus.publish(Event.of("a", "one"));
				await().atMost(Duration.ofSeconds(20))
					.until(() -> count(jdbc) == 1 || bus.deadLetters().count(DeadLetters.Filter.all()) == 1);
				assertThat(bus.deadLetters().list(DeadLetters.Filter.all(), 1, null).deadLetters()).isEmpty();
				assertThat(bus.stats().failed()).isZero();
			});
	}

	@Test
	void whatJpaWritesLateIsWrittenBeforeTheCursorIsTouched() {
		this.runner.withConfiguration(AutoConfigurations.of(HibernateJpaAutoConfiguration.class))
			.withUserConfiguration(Entities.class)
			.withPropertyValues("spring.jpa.hibernate.ddl-auto=create", "events.retry.initial-delay=20ms")
			.run((context) -> {
				JdbcTemplate jdbc = context.getBean(JdbcTemplate.class);
				EventBus bus = context.getBean(EventBus.class);
				EntityManager entities = SharedEntityManagerCreator
					.createSharedEntityManager(context.getBean(EntityManagerFactory.class));
				bus.subscribe(
						Subscriber.to("a").id("s").partitions(1).maxAttempts(3).transactional().handler((event) -> {
							Booking booking = new Booking();
							booking.id = String.valueOf(event.data());
							entities.persist(booking);
						}));
				bus.publish(Event.of("a", "one"));
				await().untilAsserted(() -> assertThat(jdbc.queryForList("select id from booking")).hasSize(1));
				Long epoch = jdbc.queryForObject("select epoch from event_cursors", Long.class);
				bus.publish(Event.of("a", "one"));
				await().atMost(Duration.ofSeconds(30))
					.until(() -> bus.deadLetters().count(DeadLetters.Filter.all()) == 1);
				assertThat(bus.deadLetters().list(DeadLetters.Filter.all(), 1, null).deadLetters().get(0).attempts())
					.isEqualTo(3);
				// the partition was not given up for that
				assertThat(jdbc.queryForObject("select epoch from event_cursors", Long.class)).isEqualTo(epoch);
			});
	}

	@Test
	void aTransactionManagerOfSomethingElseThatDoesNotWorkIsPassedOver() {
		this.runner.withBean("broken", PlatformTransactionManager.class, BrokenManager::new)
			.withUserConfiguration(Working.class)
			.run((context) -> {
				List<Object> received = new CopyOnWriteArrayList<>();
				EventBus bus = context.getBean(EventBus.class);
				bus.subscribe(
						Subscriber.to("a").id("s").transactional().handler((event) -> received.add(event.data())));
				bus.publish(Event.of("a", "one"));
				await().untilAsserted(() -> assertThat(received).containsExactly("one"));
			});
	}

	@Test
	void aNodeThatSleepsBeforeItsCommitStopsNoOtherSubscription() {
		this.runner.run((context) -> {
			JdbcTemplate jdbc = context.getBean(JdbcTemplate.class);
			EventBus bus = context.getBean(EventBus.class);
			AtomicInteger received = new AtomicInteger();
			bus.subscribe(Subscriber.to("a").id("s").partitions(1).handler((event) -> {
			}));
			bus.subscribe(Subscriber.to("a").id("t").partitions(1).handler((event) -> received.incrementAndGet()));
			bus.publish(Event.of("a", "one"));
			await().until(() -> received.get() == 1);
			try (Connection sleeping = context.getBean(DataSource.class).getConnection()) {
				// as another node does that has s, until it runs out
				jdbc.update("update event_cursors set owner = 'other', epoch = epoch + 1, "
						+ "lease_until = current_timestamp where subscription_id = 's'");
				sleeping.setAutoCommit(false);
				sleeping.createStatement()
					.executeUpdate("update event_cursors set position = position + 1 where subscription_id = 's'");
				letPass(Duration.ofSeconds(4));
				bus.publish(Event.of("a", "two"));
				await().atMost(Duration.ofSeconds(5)).until(() -> received.get() == 2);
				sleeping.rollback();
			}
		});
	}

	@Entity(name = "booking")
	static class Booking {

		@Id
		String id = "";

	}

	@Configuration(proxyBeanMethods = false)
	@EntityScan(basePackageClasses = TransactionalReviewTests.class)
	static class Entities {

	}

	@Configuration(proxyBeanMethods = false)
	static class Working {

		@org.springframework.context.annotation.Bean
		JdbcTransactionManager working(DataSource dataSource) {
			return new JdbcTransactionManager(dataSource);
		}

	}

	static class BrokenManager implements PlatformTransactionManager {

		@Override
		public TransactionStatus getTransaction(TransactionDefinition definition) {
			throw new CannotCreateTransactionException("The broker cannot be reached");
		}

		@Override
		public void commit(TransactionStatus status) {
		}

		@Override
		public void rollback(TransactionStatus status) {
		}

	}

}
