package dev.events.spring.jdbc;

import java.time.Instant;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

import dev.events.DeadLetters;
import dev.events.Event;
import dev.events.EventBus;
import dev.events.EventKey;
import dev.events.EventSubscriber;
import dev.events.EventType;
import dev.events.InvalidEventException;
import dev.events.bus.DurableEventBus;
import dev.events.spring.EventsContext;
import dev.events.spring.ReplayScenario;
import jakarta.persistence.Entity;
import jakarta.persistence.EntityManager;
import jakarta.persistence.Id;
import org.junit.jupiter.api.Test;

import org.springframework.boot.autoconfigure.AutoConfigurationPackage;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.flyway.autoconfigure.FlywayAutoConfiguration;
import org.springframework.boot.hibernate.autoconfigure.HibernateJpaAutoConfiguration;
import org.springframework.boot.jdbc.autoconfigure.DataSourceAutoConfiguration;
import org.springframework.boot.jdbc.autoconfigure.DataSourceTransactionManagerAutoConfiguration;
import org.springframework.boot.jdbc.autoconfigure.JdbcTemplateAutoConfiguration;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.transaction.autoconfigure.TransactionAutoConfiguration;
import org.springframework.context.annotation.Configuration;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.awaitility.Awaitility.await;

/**
 * An application with JPA and its own Flyway, on real databases.
 */
abstract class EndToEndScenarios {

	final ApplicationContextRunner runner = EventsContext.plain()
		.withPropertyValues(properties())
		.withPropertyValues("spring.jpa.hibernate.ddl-auto=validate", "events.delivery.poll-interval=50ms",
				"events.retry.initial-delay=10ms")
		.withUserConfiguration(Application.class)
		.withBean("mails", Mails.class)
		.withConfiguration(AutoConfigurations.of(DataSourceAutoConfiguration.class,
				DataSourceTransactionManagerAutoConfiguration.class, TransactionAutoConfiguration.class,
				JdbcTemplateAutoConfiguration.class, FlywayAutoConfiguration.class,
				HibernateJpaAutoConfiguration.class));

	/** Properties of a data source with an empty database. */
	abstract String[] properties();

	@Test
	void eventsFollowTheTransaction() {
		this.runner.run((context) -> {
			EventBus bus = context.getBean(EventBus.class);
			EntityManager entities = context.getBean(EntityManager.class);
			TransactionTemplate transaction = new TransactionTemplate(
					context.getBean(PlatformTransactionManager.class));
			assertThatIllegalStateException().isThrownBy(() -> transaction.executeWithoutResult((status) -> {
				entities.persist(new Row("1", "rolled back"));
				bus.publish(new Registered("1", "rolled back"));
				throw new IllegalStateException("no");
			}));
			transaction.executeWithoutResult((status) -> {
				entities.persist(new Row("2", "committed"));
				bus.publish(new Registered("2", "committed"));
				context.publishEvent(new Registered("2", "bridged"));
			});
			Mails mails = context.getBean(Mails.class);
			await().untilAsserted(() -> assertThat(mails.names).containsExactly("committed", "bridged"));
			assertThat(bus.query().list(10)).hasSize(2);
			assertThat(bus.stats().published()).isEqualTo(2);
			assertThat(bus.stats().store()).startsWith("jdbc");
		});
	}

	@Test
	void aTimeThatTheStoreCannotHoldLeavesTheTransactionAsItWas() {
		this.runner.run((context) -> {
			EventBus bus = context.getBean(EventBus.class);
			new TransactionTemplate(context.getBean(PlatformTransactionManager.class))
				.executeWithoutResult((status) -> {
					bus.publish(Event.of("first", 1));
					assertThatExceptionOfType(InvalidEventException.class)
						.isThrownBy(() -> bus.publish(Event.of("odd", 1).withTimestamp(Instant.MAX)));
					bus.publish(Event.of("last", 1).withTimestamp(Event.LATEST_TIMESTAMP));
				});
			assertThat(bus.query().since(Instant.MIN).until(Instant.MAX).list(10)).extracting(Event::type)
				.containsExactly("first", "last");
			assertThat(bus.query().until(Instant.MIN.plusSeconds(1)).list(10)).isEmpty();
			assertThat(bus.query().since(Instant.MAX).list(10)).isEmpty();
		});
	}

	@Test
	void whatWasNotDeliveredComesAfterARestart() {
		this.runner.run((context) -> {
			DurableEventBus bus = context.getBean(DurableEventBus.class);
			bus.stop();
			bus.publish(new Registered("1", "a"));
			bus.publish(new Registered("1", "b"));
			assertThat(context.getBean(Mails.class).names).isEmpty();
		});
		this.runner.run((context) -> await()
			.untilAsserted(() -> assertThat(context.getBean(Mails.class).names).containsExactly("a", "b")));
	}

	@Test
	void aReplayKeepsTheOrderOfKeysBesideLiveDelivery() {
		this.runner.run((context) -> ReplayScenario.keepsTheOrderOfKeys(context.getBean(EventBus.class)));
	}

	@Test
	void failuresBecomeDeadLettersAndCanBeRetried() {
		this.runner.run((context) -> {
			EventBus bus = context.getBean(EventBus.class);
			Mails mails = context.getBean(Mails.class);
			mails.fails = true;
			bus.publish(new Registered("1", "a"));
			await().until(() -> bus.deadLetters().count(DeadLetters.Filter.all()) == 1);
			mails.fails = false;
			bus.deadLetters().retryAll(DeadLetters.Filter.all());
			await().untilAsserted(() -> assertThat(mails.names).containsExactly("a"));
		});
	}

	@EventType("user.registered")
	record Registered(@EventKey String id, String name) {

	}

	static class Mails {

		final List<String> names = new CopyOnWriteArrayList<>();

		volatile boolean fails;

		@EventSubscriber(maxAttempts = 2)
		void send(Registered event) {
			if (this.fails) {
				throw new IllegalStateException("mail server is down");
			}
			this.names.add(event.name());
		}

	}

	@Entity(name = "application_table")
	static class Row {

		@Id
		private String id;

		private String name;

		protected Row() {
		}

		Row(String id, String name) {
			this.id = id;
			this.name = name;
		}

		@Override
		public String toString() {
			return this.id + " " + this.name;
		}

	}

	@Configuration(proxyBeanMethods = false)
	@AutoConfigurationPackage
	static class Application {

	}

}
