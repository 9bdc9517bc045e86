package dev.events.spring.jdbc;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;

import javax.sql.DataSource;

import dev.events.Event;
import dev.events.EventBus;
import dev.events.jdbc.EventsSchema;
import dev.events.jdbc.JdbcEventStore;
import dev.events.jdbc.JdbcEventStoreSettings;
import dev.events.redis.RedisEventStore;
import dev.events.spring.EventsContext;
import dev.events.spring.EventsDataSource;
import dev.events.spring.autoconfigure.EventsProperties;
import dev.events.store.EventStore;
import org.flywaydb.core.Flyway;
import org.h2.jdbcx.JdbcDataSource;
import org.junit.jupiter.api.Test;

import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.boot.flyway.autoconfigure.FlywayAutoConfiguration;
import org.springframework.boot.flyway.autoconfigure.FlywayMigrationInitializer;
import org.springframework.boot.jdbc.autoconfigure.DataSourceAutoConfiguration;
import org.springframework.boot.jdbc.autoconfigure.DataSourceInitializationAutoConfiguration;
import org.springframework.boot.jdbc.autoconfigure.DataSourceTransactionManagerAutoConfiguration;
import org.springframework.boot.jdbc.autoconfigure.JdbcClientAutoConfiguration;
import org.springframework.boot.jdbc.autoconfigure.JdbcTemplateAutoConfiguration;
import org.springframework.boot.sql.init.dependency.DatabaseInitializationDependencyConfigurer;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.assertj.AssertableApplicationContext;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.transaction.autoconfigure.TransactionAutoConfiguration;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Primary;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.event.TransactionalEventListener;
import org.springframework.transaction.support.TransactionTemplate;

import static dev.events.spring.EventsContext.analysis;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

class JdbcStoreConfigurationTests {

	private final ApplicationContextRunner withoutDatabase = EventsContext.plain()
		.withPropertyValues("events.delivery.poll-interval=20ms");

	private final ApplicationContextRunner runner = this.withoutDatabase
		.withPropertyValues("spring.datasource.generate-unique-name=true")
		.withConfiguration(AutoConfigurations.of(DataSourceAutoConfiguration.class,
				DataSourceTransactionManagerAutoConfiguration.class, DataSourceInitializationAutoConfiguration.class,
				JdbcTemplateAutoConfiguration.class, JdbcClientAutoConfiguration.class,
				TransactionAutoConfiguration.class));

	private final ApplicationContextRunner withFlyway = this.runner
		.withConfiguration(AutoConfigurations.of(FlywayAutoConfiguration.class));

	@Test
	void keepsEventsInTheDatabase() {
		this.runner.run((context) -> {
			assertThat(context).hasSingleBean(JdbcEventStore.class)
				.hasSingleBean(EventStore.class)
				.hasSingleBean(EventsSchemaInitializer.class)
				.doesNotHaveBean(Flyway.class);
			assertThat(context.getBean(EventBus.class).publish(Event.of("a", 1)).isStored()).isTrue();
			assertThat(events(context.getBean(DataSource.class))).isEqualTo(1);
		});
	}

	@Test
	void memoryCanBeChosen() {
		this.runner.withPropertyValues("events.store=memory")
			.run((context) -> assertThat(context).hasNotFailed()
				.doesNotHaveBean(JdbcEventStore.class)
				.doesNotHaveBean(EventsSchemaInitializer.class));
	}

	@Test
	void explainsThatThereIsNoDataSource() {
		for (String store : List.of("auto", "jdbc")) {
			this.withoutDatabase.withPropertyValues("events.store=" + store).run((context) -> {
				FailureAnalysis analysis = analysis(context);
				assertThat(analysis.getDescription()).isEqualTo("The JDBC store for events is on the class path, "
						+ "but there is no DataSource to keep events in.");
				assertThat(analysis.getAction()).contains("spring.datasource.url").contains("events.store to memory");
			});
		}
	}

	@Test
	void theSchemaCanBeLeftToTheApplication() {
		DataSource dataSource = dataSource();
		new EventsSchema(dataSource, JdbcEventStoreSettings.DEFAULT).migrate();
		this.runner.withBean(DataSource.class, () -> dataSource)
			.withPropertyValues("events.jdbc.migrate=false")
			.run((context) -> {
				assertThat(context).hasNotFailed().doesNotHaveBean(EventsSchemaInitializer.class);
				assertThat(context.getBean(EventBus.class).publish(Event.of("a", 1)).isStored()).isTrue();
			});
	}

	@Test
	void explainsThatTheTablesAreMissing() {
		this.runner.withPropertyValues("events.jdbc.migrate=false").run((context) -> {
			FailureAnalysis analysis = analysis(context);
			assertThat(analysis.getDescription()).startsWith("The event store could not")
				.contains("The database says: ");
		});
	}

	@Test
	void migratesAfterTheApplicationsOwnFlyway() {
		this.withFlyway.run((context) -> {
			assertThat(context).hasNotFailed().hasSingleBean(Flyway.class);
			assertThat(context.getBean(Flyway.class).info().applied()).extracting((info) -> info.getScript())
				.containsExactly("V1__application.sql");
			String initializer = context.getBeanNamesForType(EventsSchemaInitializer.class)[0];
			assertThat(dependencies(context, initializer))
				.contains(context.getBeanNamesForType(FlywayMigrationInitializer.class));
			for (Class<?> type : List.of(JdbcEventStore.class, JdbcTemplate.class)) {
				assertThat(dependencies(context, context.getBeanNamesForType(type)[0])).contains(initializer);
			}
			List<String> histories = tables(context.getBean(DataSource.class)).stream()
				.filter((table) -> table.endsWith("schema_history"))
				.toList();
			assertThat(histories).containsExactlyInAnyOrder("flyway_schema_history", "events_schema_history");
		});
	}

	@Test
	void worksWhereSpringBootDoesNotOrderInitializers() {
		DataSource dataSource = dataSource();
		this.withoutDatabase
			.withClassLoader(
					new FilteredClassLoader(DatabaseInitializationDependencyConfigurer.class, RedisEventStore.class))
			.withBean(DataSource.class, () -> dataSource)
			.run((context) -> {
				assertThat(context).hasNotFailed().hasSingleBean(JdbcEventStore.class);
				assertThat(context.getBean(EventBus.class).publish(Event.of("a", 1)).isStored()).isTrue();
			});
	}

	@Test
	void listsSeveralDataSourcesAndSaysHowToChoose() {
		this.withoutDatabase.withUserConfiguration(TwoDataSources.class).run((context) -> {
			FailureAnalysis analysis = analysis(context);
			assertThat(analysis.getDescription())
				.isEqualTo("There are several DataSources to keep events in: [orders, customers].");
			assertThat(analysis.getAction()).contains("@EventsDataSource")
				.contains("events.jdbc.data-source")
				.contains("@Primary");
		});
	}

	@Test
	void aPropertyNamesTheDataSource() {
		this.withoutDatabase.withUserConfiguration(TwoDataSources.class)
			.withPropertyValues("events.jdbc.data-source=customers")
			.run((context) -> assertThat(holdsEvents(context.getBean("customers", DataSource.class))).isTrue());
		this.withoutDatabase.withUserConfiguration(TwoDataSources.class)
			.withPropertyValues("events.jdbc.data-source=custmers")
			.run((context) -> {
				FailureAnalysis analysis = analysis(context);
				assertThat(analysis.getDescription())
					.isEqualTo("events.jdbc.data-source is custmers, but there is no DataSource of this name.");
				assertThat(analysis.getAction()).contains("[orders, customers]");
			});
	}

	@Test
	void anAnnotationMarksTheDataSource() {
		this.withoutDatabase.withUserConfiguration(MarkedDataSource.class).run((context) -> {
			assertThat(holdsEvents(context.getBean("marked", DataSource.class))).isTrue();
			assertThat(holdsEvents(context.getBean("first", DataSource.class))).isFalse();
		});
	}

	@Test
	void theMarkedDataSourceNeedsToBeNoCandidateForOthers() {
		this.withoutDatabase.withUserConfiguration(HiddenDataSource.class)
			.run((context) -> assertThat(holdsEvents(context.getBean("hidden", DataSource.class))).isTrue());
	}

	@Test
	void thePrimaryDataSourceIsTaken() {
		this.withoutDatabase.withUserConfiguration(PrimaryDataSource.class).run((context) -> {
			assertThat(holdsEvents(context.getBean("main", DataSource.class))).isTrue();
			assertThat(holdsEvents(context.getBean("other", DataSource.class))).isFalse();
		});
	}

	@Test
	void explainsInvalidNames() {
		this.runner.withPropertyValues("events.jdbc.table-prefix=No Good").run((context) -> {
			FailureAnalysis analysis = analysis(context);
			assertThat(analysis.getDescription()).contains("events.jdbc.table-prefix is 'No Good'");
		});
	}

	@Test
	void followsTheTransaction() {
		this.withFlyway.run((context) -> {
			EventBus bus = context.getBean(EventBus.class);
			JdbcTemplate jdbc = context.getBean(JdbcTemplate.class);
			TransactionTemplate transaction = new TransactionTemplate(
					context.getBean(PlatformTransactionManager.class));
			transaction.executeWithoutResult((status) -> {
				jdbc.update("insert into application_table values ('1', 'x')");
				bus.publish(Event.of("a", 1));
				status.setRollbackOnly();
			});
			assertThat(bus.history("**", 10)).isEmpty();
			assertThat(bus.stats().published()).isZero();
			transaction.executeWithoutResult((status) -> {
				jdbc.update("insert into application_table values ('1', 'x')");
				bus.publish(Event.of("a", 1));
			});
			assertThat(bus.history("**", 10)).hasSize(1);
			assertThat(jdbc.queryForList("select name from application_table", String.class)).containsExactly("x");
		});
	}

	@Test
	void storesWhatAfterCommitListenersPublish() {
		this.withFlyway.withBean("follower", Follower.class).run((context) -> {
			EventBus bus = context.getBean(EventBus.class);
			new TransactionTemplate(context.getBean(PlatformTransactionManager.class))
				.executeWithoutResult((status) -> context.publishEvent("go"));
			await().until(() -> bus.history("followed", 10).size() == 1);
		});
	}

	@Test
	void thePrefixCanBeChosen() {
		this.runner.withPropertyValues("events.jdbc.table-prefix=shop_").run((context) -> {
			context.getBean(EventBus.class).publish(Event.of("a", 1));
			assertThat(tables(context.getBean(DataSource.class))).contains("shop_event_store");
		});
	}

	@Test
	void propertiesHaveTheDefaultsOfTheStore() {
		this.runner.run((context) -> {
			EventsProperties.Jdbc jdbc = context.getBean(EventsProperties.class).jdbc();
			assertThat(new JdbcEventStoreSettings(jdbc.schema(), jdbc.tablePrefix(), jdbc.gapTimeout(),
					jdbc.notifications()))
				.isEqualTo(JdbcEventStoreSettings.DEFAULT);
		});
	}

	/** What a bean depends on, and what that depends on, and so on. */
	private static Set<String> dependencies(AssertableApplicationContext context, String bean) {
		ConfigurableListableBeanFactory beanFactory = context
			.getSourceApplicationContext(ConfigurableApplicationContext.class)
			.getBeanFactory();
		Set<String> dependencies = new LinkedHashSet<>();
		Deque<String> open = new ArrayDeque<>(List.of(bean));
		while (!open.isEmpty()) {
			String[] dependsOn = beanFactory.getBeanDefinition(open.pop()).getDependsOn();
			for (String dependency : (dependsOn != null) ? dependsOn : new String[0]) {
				if (dependencies.add(dependency)) {
					open.push(dependency);
				}
			}
		}
		return dependencies;
	}

	private static boolean holdsEvents(DataSource dataSource) {
		return tables(dataSource).contains("event_store");
	}

	private static List<String> tables(DataSource dataSource) {
		return new JdbcTemplate(dataSource).queryForList(
				"select lower(table_name) from information_schema.tables where lower(table_schema) = 'public'",
				String.class);
	}

	private static long events(DataSource dataSource) {
		Map<String, Object> row = new JdbcTemplate(dataSource).queryForMap("select count(*) as n from event_store");
		return ((Number) row.values().iterator().next()).longValue();
	}

	private static DataSource dataSource() {
		JdbcDataSource dataSource = new JdbcDataSource();
		dataSource.setURL("jdbc:h2:mem:" + UUID.randomUUID() + ";DB_CLOSE_DELAY=-1");
		return dataSource;
	}

	static class Follower {

		private final EventBus bus;

		Follower(EventBus bus) {
			this.bus = bus;
		}

		@TransactionalEventListener
		void on(String text) {
			this.bus.publish(Event.of("followed", text));
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class TwoDataSources {

		@Bean
		DataSource orders() {
			return dataSource();
		}

		@Bean
		DataSource customers() {
			return dataSource();
		}

		@Bean
		PlatformTransactionManager transactionManager(DataSource orders) {
			return new JdbcTransactionManager(orders);
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class MarkedDataSource {

		@Bean
		DataSource first() {
			return dataSource();
		}

		@Bean
		@EventsDataSource
		DataSource marked() {
			return dataSource();
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class HiddenDataSource {

		@Bean(defaultCandidate = false)
		@EventsDataSource
		DataSource hidden() {
			return dataSource();
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class PrimaryDataSource {

		@Bean
		@Primary
		DataSource main() {
			return dataSource();
		}

		@Bean
		DataSource other() {
			return dataSource();
		}

	}

}
