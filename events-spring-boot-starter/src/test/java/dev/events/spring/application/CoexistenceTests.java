package dev.events.spring.application;

import java.util.Arrays;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

import dev.events.Event;
import dev.events.EventBus;
import dev.events.spring.EventsContext;
import jakarta.persistence.Entity;
import jakarta.persistence.EntityManager;
import jakarta.persistence.Id;
import org.junit.jupiter.api.Test;

import org.springframework.boot.autoconfigure.AutoConfigurationPackage;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.flyway.autoconfigure.FlywayAutoConfiguration;
import org.springframework.boot.hibernate.autoconfigure.HibernateJpaAutoConfiguration;
import org.springframework.boot.jackson.autoconfigure.JacksonAutoConfiguration;
import org.springframework.boot.jdbc.autoconfigure.DataSourceAutoConfiguration;
import org.springframework.boot.jdbc.autoconfigure.DataSourceTransactionManagerAutoConfiguration;
import org.springframework.boot.jdbc.autoconfigure.JdbcTemplateAutoConfiguration;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.transaction.autoconfigure.TransactionAutoConfiguration;
import org.springframework.context.ApplicationContext;
import org.springframework.context.annotation.Configuration;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The starter beside what applications usually have.
 */
class CoexistenceTests {

	private final ApplicationContextRunner application = new ApplicationContextRunner()
		.withPropertyValues("spring.datasource.generate-unique-name=true", "spring.jpa.hibernate.ddl-auto=create-drop",
				"spring.flyway.enabled=false", "events.store=memory")
		.withUserConfiguration(Application.class)
		.withConfiguration(AutoConfigurations.of(DataSourceAutoConfiguration.class,
				DataSourceTransactionManagerAutoConfiguration.class, TransactionAutoConfiguration.class,
				JdbcTemplateAutoConfiguration.class, HibernateJpaAutoConfiguration.class, FlywayAutoConfiguration.class,
				JacksonAutoConfiguration.class));

	private final ApplicationContextRunner applicationWithEvents = this.application
		.withConfiguration(EventsContext.autoConfigurations());

	@Test
	void addsBeansAndTakesNoneAway() {
		this.application.run((without) -> this.applicationWithEvents.run((with) -> {
			Set<String> added = beans(with);
			added.removeAll(beans(without));
			assertThat(beans(with)).containsAll(beans(without));
			assertThat(added).isNotEmpty()
				.allSatisfy((bean) -> assertThat(bean).containsPattern("dev\\.events|[eE]vent"));
		}));
	}

	@Test
	void leavesCommonBeanNamesToTheApplication() {
		this.applicationWithEvents.withBean("eventBus", String.class, () -> "another library's event bus")
			.withBean("eventStore", String.class, () -> "another library's event store")
			.run((context) -> assertThat(context).hasNotFailed().hasSingleBean(EventBus.class));
	}

	@Test
	void switchedOffItAddsNothing() {
		this.application
			.run((without) -> this.applicationWithEvents.withPropertyValues("events.enabled=false").run((with) -> {
				Set<String> added = beans(with);
				added.removeAll(beans(without));
				assertThat(added).isEmpty();
			}));
	}

	@Test
	void followsTransactionsOfJpa() {
		this.applicationWithEvents.run((context) -> {
			EventBus bus = context.getBean(EventBus.class);
			EntityManager entities = context.getBean(EntityManager.class);
			TransactionTemplate transaction = new TransactionTemplate(
					context.getBean(PlatformTransactionManager.class));
			transaction.executeWithoutResult((status) -> {
				entities.persist(new Account("1"));
				bus.publish(Event.of("account.opened", "1"));
				assertThat(bus.history("**", 10)).isEmpty();
			});
			assertThat(bus.history("**", 10)).hasSize(1);
			transaction.executeWithoutResult((status) -> {
				entities.persist(new Account("2"));
				bus.publish(Event.of("account.opened", "2"));
				status.setRollbackOnly();
			});
			assertThat(bus.history("**", 10)).hasSize(1);
			assertThat(bus.stats().published()).isEqualTo(1);
		});
	}

	private static Set<String> beans(ApplicationContext context) {
		return Arrays.stream(context.getBeanDefinitionNames()).collect(Collectors.toCollection(TreeSet::new));
	}

	@Entity
	static class Account {

		@Id
		private String id;

		protected Account() {
		}

		Account(String id) {
			this.id = id;
		}

		String id() {
			return this.id;
		}

	}

	@Configuration(proxyBeanMethods = false)
	@AutoConfigurationPackage
	static class Application {

	}

}
