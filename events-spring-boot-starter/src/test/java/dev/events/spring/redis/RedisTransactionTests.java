package dev.events.spring.redis;

import java.util.List;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;

import dev.events.Event;
import dev.events.EventBus;
import dev.events.EventStats;
import dev.events.Subscriber;
import dev.events.bus.DurableEventBus;
import dev.events.spring.EventsContext;
import dev.events.store.EventStore;
import dev.events.test.redis.RedisServer;
import org.junit.jupiter.api.Test;

import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.data.redis.autoconfigure.DataRedisAutoConfiguration;
import org.springframework.boot.jdbc.autoconfigure.DataSourceAutoConfiguration;
import org.springframework.boot.jdbc.autoconfigure.DataSourceTransactionManagerAutoConfiguration;
import org.springframework.boot.jdbc.autoconfigure.JdbcTemplateAutoConfiguration;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.transaction.autoconfigure.TransactionAutoConfiguration;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.transaction.support.TransactionTemplate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Publishing in a database transaction with events in Redis: after the commit, or not at
 * all.
 */
class RedisTransactionTests {

	private static ApplicationContextRunner runner(RedisServer server) {
		return new ApplicationContextRunner().withClassLoader(new FilteredClassLoader("dev.events.jdbc"))
			.withConfiguration(EventsContext.autoConfigurations())
			.withConfiguration(AutoConfigurations.of(DataRedisAutoConfiguration.class,
					DataSourceAutoConfiguration.class, DataSourceTransactionManagerAutoConfiguration.class,
					TransactionAutoConfiguration.class, JdbcTemplateAutoConfiguration.class))
			.withPropertyValues("spring.datasource.generate-unique-name=true", "events.redis.timeout=1s",
					"spring.data.redis.host=" + server.host(), "spring.data.redis.port=" + server.port(),
					"events.redis.key-prefix=test-" + UUID.randomUUID());
	}

	@Test
	void whatIsCommittedIsStoredAfterwardsAndDelivered() {
		runner(RedisServer.shared()).run((context) -> {
			EventBus bus = context.getBean(EventBus.class);
			EventStore store = context.getBean(EventStore.class);
			List<Object> handled = new CopyOnWriteArrayList<>();
			bus.subscribe(Subscriber.to("a").id("all").partitions(1).handler((event) -> handled.add(event.data())));
			context.getBean(TransactionTemplate.class).executeWithoutResult((status) -> {
				bus.publish(Event.of("a", 1));
				bus.publish(Event.of("a", 2));
				assertThat(store.log().head()).isZero();
			});
			assertThat(store.log().head()).isEqualTo(2);
			await().until(() -> handled.equals(List.of(1, 2)));
			assertThat(bus.stats().deferred()).isEqualTo(2);
			assertThat(bus.stats().lost()).isZero();
		});
	}

	@Test
	void whatIsRolledBackIsNotStored() {
		runner(RedisServer.shared()).run((context) -> {
			context.getBean(TransactionTemplate.class).executeWithoutResult((status) -> {
				context.getBean(EventBus.class).publish(Event.of("a", 1));
				status.setRollbackOnly();
			});
			assertThat(context.getBean(EventStore.class).log().head()).isZero();
		});
	}

	@Test
	void whatCannotBeStoredAfterTheCommitIsCounted() {
		try (RedisServer server = RedisServer.dedicated()) {
			runner(server).run((context) -> {
				EventBus bus = context.getBean(EventBus.class);
				JdbcTemplate database = context.getBean(JdbcTemplate.class);
				database.execute("create table orders (id int)");
				context.getBean(TransactionTemplate.class).executeWithoutResult((status) -> {
					database.update("insert into orders values (1)");
					bus.publish(Event.of("a", 1));
					server.crash();
				});
				assertThat(database.queryForObject("select count(*) from orders", Integer.class)).isOne();
				server.start();
				await().until(() -> isStored(bus));
				// a connection may have taken the call before it noticed that nobody is
				// there
				EventStats stats = context.getBean(DurableEventBus.class).stats();
				assertThat(stats.lost() + stats.unknown()).isOne();
			});
		}
	}

	private static boolean isStored(EventBus bus) {
		try {
			return bus.publish(Event.of("a", 2)).isStored();
		}
		catch (RuntimeException ex) {
			return false;
		}
	}

}
