package dev.events.spring.jdbc;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;

import javax.sql.DataSource;

import dev.events.DeadLetters;
import dev.events.Event;
import dev.events.EventBus;
import dev.events.InvalidSubscriptionException;
import dev.events.Replay;
import dev.events.RetryPolicy;
import dev.events.Subscriber;
import dev.events.spring.EventsContext;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import org.springframework.beans.factory.config.BeanPostProcessor;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.jdbc.autoconfigure.DataSourceAutoConfiguration;
import org.springframework.boot.jdbc.autoconfigure.DataSourceTransactionManagerAutoConfiguration;
import org.springframework.boot.jdbc.autoconfigure.JdbcTemplateAutoConfiguration;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.transaction.autoconfigure.TransactionAutoConfiguration;
import org.springframework.context.ApplicationContext;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.datasource.DriverManagerDataSource;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.TransactionDefinition;
import org.springframework.transaction.support.TransactionSynchronizationManager;
import org.springframework.transaction.support.TransactionTemplate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

/**
 * Effects of transactional subscribers happen exactly once, on real databases.
 */
@Timeout(120)
abstract class TransactionalSubscriberScenarios {

	static final RetryPolicy FAST = new RetryPolicy(3, Duration.ofMillis(20), 1, Duration.ofMillis(20), 0);

	private final Commits commits = new Commits();

	private ApplicationContextRunner runner = EventsContext.plain();

	/** Properties of a data source with an empty database. */
	abstract String[] properties();

	@BeforeEach
	void setUp() {
		this.runner = EventsContext.plain()
			.withPropertyValues(properties())
			.withPropertyValues("events.delivery.poll-interval=50ms", "events.delivery.lease-duration=2s")
			.withBean("commits", Commits.class, () -> this.commits)
			.withConfiguration(AutoConfigurations.of(DataSourceAutoConfiguration.class,
					DataSourceTransactionManagerAutoConfiguration.class, TransactionAutoConfiguration.class,
					JdbcTemplateAutoConfiguration.class));
	}

	void run(Scenario scenario) {
		this.runner.run((context) -> {
			JdbcTemplate jdbc = context.getBean(JdbcTemplate.class);
			jdbc.execute("create table effects (subscriber varchar(100), what varchar(100))");
			scenario.run(context, context.getBean(EventBus.class), jdbc);
		});
	}

	static List<String> effects(JdbcTemplate jdbc) {
		return jdbc.queryForList("select what from effects order by what", String.class);
	}

	static void insert(JdbcTemplate jdbc, Event<?> event) {
		jdbc.update("insert into effects values ('s', ?)", String.valueOf(event.data()));
	}

	private static long position(JdbcTemplate jdbc) {
		Long position = jdbc.queryForObject("select max(position) from event_cursors", Long.class);
		return (position != null) ? position : -1;
	}

	@Test
	void theEffectOfAFailedAttemptIsRolledBack() {
		run((context, bus, jdbc) -> {
			AtomicInteger attempts = new AtomicInteger();
			bus.subscribe(Subscriber.to("a").id("s").retry(FAST).transactional().handler((event) -> {
				insert(jdbc, event);
				if (attempts.incrementAndGet() == 1) {
					throw new IllegalStateException("after the effect");
				}
			}));
			bus.publish(Event.of("a", "one").withKey("k"));
			bus.publish(Event.of("a", "two").withKey("k"));
			await().untilAsserted(() -> assertThat(effects(jdbc)).containsExactly("one", "two"));
			assertThat(attempts).hasValue(3);
		});
	}

	@Test
	void theCursorMovesWithTheEffect() {
		run((context, bus, jdbc) -> {
			bus.subscribe(Subscriber.to("a").id("s").partitions(1).transactional().handler((event) -> {
				assertThat(TransactionSynchronizationManager.isActualTransactionActive()).isTrue();
				insert(jdbc, event);
			}));
			TransactionTemplate snapshot = new TransactionTemplate(context.getBean(PlatformTransactionManager.class));
			// in H2 the level below sees what is committed to a table between two
			// statements
			snapshot.setIsolationLevel(TransactionDefinition.ISOLATION_SERIALIZABLE);
			for (int i = 0; i < 50; i++) {
				bus.publish(Event.of("a", "e" + i));
			}
			Map<Long, Integer> seen = new TreeMap<>();
			await().pollInterval(Duration.ofMillis(1)).until(() -> {
				snapshot.executeWithoutResult((status) -> seen.put(position(jdbc), effects(jdbc).size()));
				return effects(jdbc).size() == 50;
			});
			assertThat(seen).allSatisfy((position, effects) -> assertThat(position).isEqualTo((long) effects));
		});
	}

	@Test
	void aReplayHasEachEffectOnceMore() {
		run((context, bus, jdbc) -> {
			AtomicInteger calls = new AtomicInteger();
			bus.subscribe(Subscriber.to("a").id("s").retry(FAST).transactional().function((event, delivery) -> {
				jdbc.update("insert into effects values ('s', ?)", (delivery.isReplay() ? "r" : "") + event.data());
				if (delivery.isReplay() && calls.incrementAndGet() == 3) {
					throw new IllegalStateException("after the effect");
				}
				if (delivery.isReplay() && event.data().equals("e4")) {
					this.commits.loseTheAnswer.set(true);
				}
				return null;
			}));
			List<String> expected = new ArrayList<>();
			for (int i = 0; i < 9; i++) {
				bus.publish(Event.of("a", "e" + i).withKey("k" + i % 2));
				expected.add("e" + i);
				expected.add("re" + i);
			}
			await().untilAsserted(() -> assertThat(effects(jdbc)).hasSize(9));
			Replay replay = bus.replay().subscriber("s").start();
			assertThat(replay.await(Duration.ofSeconds(60))).isTrue();
			await().untilAsserted(() -> assertThat(effects(jdbc)).containsExactlyInAnyOrderElementsOf(expected));
			assertThat(this.commits.loseTheAnswer).isFalse();
			assertThat(replay.info().done()).isEqualTo(9);
		});
	}

	@Test
	void aCommitWhoseAnswerIsLostCountsOnce() {
		run((context, bus, jdbc) -> {
			AtomicInteger calls = new AtomicInteger();
			bus.subscribe(Subscriber.to("a").id("s").retry(FAST).transactional().handler((event) -> {
				calls.incrementAndGet();
				insert(jdbc, event);
				if (event.data().equals("lost")) {
					this.commits.loseTheAnswer.set(true);
				}
			}));
			bus.publish(Event.of("a", "lost").withKey("k"));
			bus.publish(Event.of("a", "next").withKey("k"));
			await().atMost(Duration.ofSeconds(30)).untilAsserted(() -> assertThat(effects(jdbc)).contains("next"));
			assertThat(effects(jdbc)).containsExactly("lost", "next");
			assertThat(calls).hasValue(2);
			assertThat(this.commits.loseTheAnswer).isFalse();
			assertThat(bus.deadLetters().count(DeadLetters.Filter.all())).isZero();
		});
	}

	@Test
	void anAnswerThatWasLostIsNoFailedAttemptOfALaterReplay() {
		run((context, bus, jdbc) -> {
			bus.subscribe(Subscriber.to("a").id("s").retry(FAST).transactional().function((event, delivery) -> {
				jdbc.update("insert into effects values ('s', ?)", (delivery.isReplay() ? "r" : "") + event.data());
				if (event.data().equals("lost") && !delivery.isReplay()) {
					this.commits.loseTheAnswer.set(true);
				}
				return null;
			}));
			bus.publish(Event.of("a", "lost").withKey("k"));
			bus.publish(Event.of("a", "next").withKey("k"));
			await().atMost(Duration.ofSeconds(30)).untilAsserted(() -> assertThat(effects(jdbc)).contains("next"));
			Replay replay = bus.replay().subscriber("s").start();
			assertThat(replay.await(Duration.ofSeconds(60))).isTrue();
			await().untilAsserted(() -> assertThat(effects(jdbc)).contains("rnext"));
			assertThat(effects(jdbc)).containsExactly("lost", "next", "rlost", "rnext");
			assertThat(replay.info().failed()).isZero();
		});
	}

	@Test
	void aRetryWhoseAnswerIsLostCountsOnce() {
		run((context, bus, jdbc) -> {
			AtomicInteger calls = new AtomicInteger();
			bus.subscribe(Subscriber.to("a").id("s").retry(FAST).transactional().handler((event) -> {
				insert(jdbc, event);
				if (calls.incrementAndGet() == 1) {
					throw new IllegalStateException("the first time");
				}
				if (event.data().equals("lost")) {
					this.commits.loseTheAnswer.set(true);
				}
			}));
			bus.publish(Event.of("a", "lost").withKey("k"));
			bus.publish(Event.of("a", "next").withKey("k"));
			await().atMost(Duration.ofSeconds(30)).untilAsserted(() -> assertThat(effects(jdbc)).contains("next"));
			assertThat(effects(jdbc)).containsExactly("lost", "next");
			assertThat(calls).hasValue(3);
		});
	}

	@Test
	void aNodeThatHasLostItsLeaseHasNoEffect() {
		run((context, bus, jdbc) -> {
			AtomicInteger calls = new AtomicInteger();
			JdbcTemplate other = new JdbcTemplate(context.getBean(DataSource.class));
			TransactionTemplate apart = new TransactionTemplate(context.getBean(PlatformTransactionManager.class));
			apart.setPropagationBehavior(TransactionDefinition.PROPAGATION_REQUIRES_NEW);
			bus.subscribe(Subscriber.to("a").id("s").partitions(1).transactional().handler((event) -> {
				insert(jdbc, event);
				if (calls.incrementAndGet() == 1) {
					// as if this process had been asleep: another node has it, which
					// dies at once
					apart.executeWithoutResult((status) -> other
						.update("update event_cursors set epoch = epoch + 1, owner = 'other', lease_until = "
								+ "current_timestamp + interval '3' second"));
				}
			}));
			bus.publish(Event.of("a", "one"));
			await().atMost(Duration.ofSeconds(30)).until(() -> calls.get() == 2);
			await().untilAsserted(() -> assertThat(effects(jdbc)).containsExactly("one"));
		});
	}

	@Test
	void aTransactionMarkedForRollbackIsAFailedAttempt() {
		run((context, bus, jdbc) -> {
			bus.subscribe(Subscriber.to("a").id("s").retry(FAST).transactional().handler((event) -> {
				insert(jdbc, event);
				new TransactionTemplate(context.getBean(PlatformTransactionManager.class))
					.executeWithoutResult((status) -> status.setRollbackOnly());
			}));
			bus.publish(Event.of("a", "one"));
			await().until(() -> bus.deadLetters().count(DeadLetters.Filter.all()) == 1);
			assertThat(effects(jdbc)).isEmpty();
			assertThat(bus.deadLetters().list(DeadLetters.Filter.all(), 1, null).deadLetters().get(0).errorMessage())
				.contains("rollback");
		});
	}

	@Test
	void whatTheHandlerPublishesIsPublishedExactlyOnce() {
		run((context, bus, jdbc) -> {
			AtomicInteger attempts = new AtomicInteger();
			bus.subscribe(Subscriber.to("a").id("s").retry(FAST).transactional().function((event, delivery) -> {
				bus.publish(Event.of("b", "published"));
				if (attempts.incrementAndGet() == 1) {
					throw new IllegalStateException("the first time");
				}
				return Event.of("b", "returned");
			}));
			bus.publish(Event.of("a", "one"));
			await().untilAsserted(() -> assertThat(bus.query().type("b").list(10)).hasSize(2));
			assertThat(attempts).hasValue(2);
		});
	}

	@Test
	void aFailedBatchIsRolledBackAndItsGoodEventsHaveTheirEffectOnce() {
		run((context, bus, jdbc) -> {
			bus.subscribe(Subscriber.to("a")
				.id("s")
				.retry(FAST)
				.partitions(1)
				.transactional()
				.batch(50)
				.batchHandler((events) -> {
					for (Event<?> event : events) {
						insert(jdbc, event);
						if (event.data().equals("bad")) {
							throw new IllegalStateException("bad");
						}
					}
				}));
			bus.publishAll(List.of(Event.of("a", "one").withKey("k"), Event.of("a", "two").withKey("k"),
					Event.of("a", "bad"), Event.of("a", "three").withKey("k")));
			await().atMost(Duration.ofSeconds(30))
				.untilAsserted(() -> assertThat(effects(jdbc)).containsExactly("one", "three", "two"));
			await().until(() -> bus.deadLetters().count(DeadLetters.Filter.all()) == 1);
			assertThat(effects(jdbc)).hasSize(3);
		});
	}

	@Test
	void handlersNeverHaveAllConnections() {
		run((context, bus, jdbc) -> {
			AtomicInteger running = new AtomicInteger();
			AtomicInteger most = new AtomicInteger();
			AtomicBoolean go = new AtomicBoolean();
			bus.subscribe(Subscriber.to("a").id("s").partitions(16).transactional().handler((event) -> {
				most.accumulateAndGet(running.incrementAndGet(), Math::max);
				await().until(go::get);
				insert(jdbc, event);
				running.decrementAndGet();
			}));
			for (int i = 0; i < 40; i++) {
				bus.publish(Event.of("a", "e" + i));
			}
			await().until(() -> running.get() == 2);
			// two of five, so that this is still possible
			bus.publish(Event.of("b", "x"));
			go.set(true);
			await().untilAsserted(() -> assertThat(effects(jdbc)).hasSize(40));
			assertThat(most).hasValue(2);
		});
	}

	@Test
	void withoutAStoreInTheDatabaseItIsRefused() {
		EventsContext.inMemory()
			.run((context) -> assertThatExceptionOfType(InvalidSubscriptionException.class)
				.isThrownBy(() -> context.getBean(EventBus.class)
					.subscribe(Subscriber.to("a").id("s").transactional().handler((event) -> {
					})))
				.withMessageContaining("transaction manager"));
	}

	@Test
	void withAnotherDataSourceItIsRefused() {
		this.runner
			.withBean("otherManager", PlatformTransactionManager.class,
					() -> new JdbcTransactionManager(new DriverManagerDataSource("jdbc:h2:mem:other")))
			.run((context) -> assertThatExceptionOfType(InvalidSubscriptionException.class)
				.isThrownBy(() -> context.getBean(EventBus.class)
					.subscribe(Subscriber.to("a").id("s").transactional().handler((event) -> {
					})))
				.withMessageContaining("same DataSource"));
	}

	interface Scenario {

		void run(ApplicationContext context, EventBus bus, JdbcTemplate jdbc) throws Exception;

	}

	/** Lets commits go wrong. */
	static class Commits implements BeanPostProcessor {

		final AtomicBoolean loseTheAnswer = new AtomicBoolean();

		@Override
		public Object postProcessAfterInitialization(Object bean, String name) {
			return (bean instanceof DataSource dataSource) ? proxy(DataSource.class, dataSource) : bean;
		}

		@SuppressWarnings("unchecked")
		private <T> T proxy(Class<T> type, T target) {
			return (T) Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] { type },
					(proxy, method, arguments) -> {
						try {
							Object result = method.invoke(target, arguments);
							if (method.getName().equals("commit") && this.loseTheAnswer.compareAndSet(true, false)) {
								throw new SQLException("The connection broke", "08006");
							}
							return (result instanceof Connection connection) ? proxy(Connection.class, connection)
									: result;
						}
						catch (InvocationTargetException ex) {
							throw ex.getCause();
						}
					});
		}

	}

}
