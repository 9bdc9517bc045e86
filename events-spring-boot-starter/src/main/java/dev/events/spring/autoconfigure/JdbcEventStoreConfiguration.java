package dev.events.spring.autoconfigure;

import java.util.List;
import java.util.function.Supplier;
import java.util.stream.Stream;

import javax.sql.DataSource;

import dev.events.delivery.DeliveryTransactions;
import dev.events.jdbc.EventsSchema;
import dev.events.jdbc.JdbcEventStore;
import dev.events.jdbc.JdbcEventStoreSettings;
import dev.events.spring.EventsDataSource;
import dev.events.spring.autoconfigure.EventsProperties.StoreType;
import dev.events.spring.jdbc.EventsSchemaInitializer;
import dev.events.spring.transaction.SpringDeliveryTransactions;
import dev.events.store.EventStore;
import org.jspecify.annotations.Nullable;

import org.springframework.beans.factory.ListableBeanFactory;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.condition.AnyNestedCondition;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.jdbc.metadata.CompositeDataSourcePoolMetadataProvider;
import org.springframework.boot.jdbc.metadata.DataSourcePoolMetadata;
import org.springframework.boot.jdbc.metadata.DataSourcePoolMetadataProvider;
import org.springframework.boot.sql.init.dependency.DatabaseInitializationDependencyConfigurer;
import org.springframework.boot.sql.init.dependency.DependsOnDatabaseInitialization;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Conditional;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.util.StringUtils;

/**
 * Keeps events in a database, where the JDBC store and a DataSource are there.
 */
@Configuration(proxyBeanMethods = false)
@ConditionalOnClass(JdbcEventStore.class)
@ConditionalOnMissingBean(EventStore.class)
@ConditionalOnStoreType(StoreType.JDBC)
@Conditional(JdbcEventStoreConfiguration.DataSourceAvailable.class)
class JdbcEventStoreConfiguration {

	@Bean
	EventsJdbcSetup eventsJdbcSetup(EventsProperties properties, ListableBeanFactory beanFactory,
			@EventsDataSource ObjectProvider<DataSource> eventsDataSource, ObjectProvider<DataSource> dataSource) {
		EventsProperties.Jdbc jdbc = properties.jdbc();
		DataSource chosen = new EventsDataSourceSelector(beanFactory).select(text(jdbc.dataSource()), eventsDataSource,
				dataSource);
		try {
			return new EventsJdbcSetup(chosen, new JdbcEventStoreSettings(text(jdbc.schema()), jdbc.tablePrefix(),
					jdbc.gapTimeout(), jdbc.notifications()));
		}
		catch (IllegalArgumentException ex) {
			throw new EventsSetupException("The properties events.jdbc.* are not valid. " + ex.getMessage() + ".",
					"Correct the property.", ex);
		}
	}

	@Bean
	@ConditionalOnBooleanProperty(name = "events.jdbc.migrate", matchIfMissing = true)
	EventsSchemaInitializer eventsSchemaInitializer(EventsJdbcSetup setup) {
		return new EventsSchemaInitializer(() -> new EventsSchema(setup.dataSource(), setup.settings()).migrate());
	}

	@Bean
	@DependsOnDatabaseInitialization
	JdbcEventStore eventsJdbcStore(EventsJdbcSetup setup, ObjectProvider<EventsSchemaInitializer> initializer) {
		// also where Spring Boot does not order initialisers
		initializer.getIfAvailable();
		return new JdbcEventStore(setup.dataSource(), setup.settings());
	}

	@Bean
	@ConditionalOnMissingBean(DeliveryTransactions.class)
	SpringDeliveryTransactions eventsDeliveryTransactions(JdbcEventStore store, EventsJdbcSetup setup,
			ObjectProvider<PlatformTransactionManager> managers, ObjectProvider<ConnectionLimit> limit) {
		// the primary one, if any, comes first
		Supplier<List<PlatformTransactionManager>> all = () -> Stream
			.concat(Stream.ofNullable(managers.getIfUnique()), managers.orderedStream())
			.distinct()
			.toList();
		int connections = limit.getIfAvailable(() -> (dataSource) -> Integer.MAX_VALUE).of(setup.dataSource());
		return new SpringDeliveryTransactions(all, store, setup.dataSource(), Math.max(1, connections / 2));
	}

	private static @Nullable String text(@Nullable String value) {
		return StringUtils.hasText(value) ? value : null;
	}

	/**
	 * Where Spring Boot orders what sets up the database.
	 */
	@Configuration(proxyBeanMethods = false)
	@ConditionalOnClass(DatabaseInitializationDependencyConfigurer.class)
	@Import(DatabaseInitializationDependencyConfigurer.class)
	static class OrderConfiguration {

	}

	/**
	 * Where Spring Boot knows connection pools.
	 */
	@Configuration(proxyBeanMethods = false)
	@ConditionalOnClass(DataSourcePoolMetadataProvider.class)
	static class PoolConfiguration {

		@Bean
		ConnectionLimit eventsConnectionLimit(ObjectProvider<DataSourcePoolMetadataProvider> providers) {
			return (dataSource) -> {
				DataSourcePoolMetadata pool = new CompositeDataSourcePoolMetadataProvider(
						providers.orderedStream().toList())
					.getDataSourcePoolMetadata(dataSource);
				Integer max = (pool != null) ? pool.getMax() : null;
				return (max != null && max > 0) ? max : Integer.MAX_VALUE;
			};
		}

	}

	/**
	 * How many connections a data source has at most.
	 */
	@FunctionalInterface
	interface ConnectionLimit {

		int of(DataSource dataSource);

	}

	/**
	 * What the store is built of.
	 *
	 * @param dataSource the database
	 * @param settings where in it
	 */
	record EventsJdbcSetup(DataSource dataSource, JdbcEventStoreSettings settings) {

	}

	/**
	 * There is a DataSource for everybody, or one chosen for events.
	 */
	static class DataSourceAvailable extends AnyNestedCondition {

		DataSourceAvailable() {
			super(ConfigurationPhase.REGISTER_BEAN);
		}

		@ConditionalOnBean(DataSource.class)
		static class Any {

		}

		@Conditional(OnChosenDataSource.class)
		static class Chosen {

		}

	}

}
