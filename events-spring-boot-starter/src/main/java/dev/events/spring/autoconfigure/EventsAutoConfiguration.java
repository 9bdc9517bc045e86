package dev.events.spring.autoconfigure;

import java.util.Comparator;

import dev.events.EventBus;
import dev.events.EventInterceptor;
import dev.events.EventSchema;
import dev.events.EventUpcaster;
import dev.events.EventVersion;
import dev.events.bus.DurableEventBus;
import dev.events.bus.EventBusBuilder;
import dev.events.connector.EventConnector;
import dev.events.delivery.DeliveryTransactions;
import dev.events.encryption.EventKeyProvider;
import dev.events.observation.EventDeliveryConvention;
import dev.events.observation.EventObservations;
import dev.events.observation.EventPublishConvention;
import dev.events.publish.EventForwarder;
import dev.events.publish.PublishTransactions;
import dev.events.spring.EventBusBuilderCustomizer;
import dev.events.spring.aggregation.AggregationRegistrar;
import dev.events.spring.autoconfigure.EventAccessConfiguration.AccessPolicies;
import dev.events.spring.bridge.ApplicationEventIntake;
import dev.events.spring.saga.SagaRegistrar;
import dev.events.spring.subscriber.ReactiveAnswers;
import dev.events.spring.subscriber.SpelFilterCompiler;
import dev.events.spring.subscriber.SubscriberOverrides;
import dev.events.spring.subscriber.SubscriberRegistrar;
import dev.events.spring.transaction.SpringPublishTransactions;
import dev.events.store.EventStore;
import dev.events.subscriber.AnswerAdapter;
import dev.events.subscriber.FilterCompiler;
import dev.events.subscriber.SubscriberMethods;
import io.micrometer.observation.ObservationRegistry;
import org.reactivestreams.Publisher;
import tools.jackson.databind.json.JsonMapper;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.boot.LazyInitializationExcludeFilter;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.SearchStrategy;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.thread.Threading;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.core.env.Environment;
import org.springframework.core.task.VirtualThreadTaskExecutor;
import org.springframework.transaction.support.TransactionSynchronizationManager;
import org.springframework.util.StringUtils;

/**
 * Auto-configuration of the event bus: chooses a store, builds the bus, bridges it to
 * application events, registers {@link dev.events.EventSubscriber} methods and
 * {@link dev.events.Saga} and {@link dev.events.Aggregation} beans and starts delivery.
 * Each bean gives way to one that the application defines. In a child context the
 * parent's bus is used.
 */
@AutoConfiguration(afterName = { "org.springframework.boot.data.redis.autoconfigure.DataRedisAutoConfiguration",
		"org.springframework.boot.jdbc.autoconfigure.DataSourceAutoConfiguration",
		"org.springframework.boot.jackson.autoconfigure.JacksonAutoConfiguration",
		"org.springframework.boot.micrometer.observation.autoconfigure.ObservationAutoConfiguration",
		"org.springframework.boot.transaction.autoconfigure.TransactionAutoConfiguration" })
@ConditionalOnBooleanProperty(name = "events.enabled", matchIfMissing = true)
@EnableConfigurationProperties(EventsProperties.class)
@Import({ JdbcEventStoreConfiguration.class, RedisEventStoreConfiguration.class, FallbackEventStoreConfiguration.class,
		EventBridgeConfiguration.class, EventAccessConfiguration.class, ConnectorConfiguration.class })
public final class EventsAutoConfiguration {

	private static final Comparator<EventSchema> BY_VERSION = Comparator
		.comparing((EventSchema schema) -> EventVersion.of(schema.version()));

	@Bean
	static LazyInitializationExcludeFilter eventsLazyInitializationExcludeFilter() {
		return LazyInitializationExcludeFilter.forBeanTypes(SubscriberRegistrar.class, SagaRegistrar.class,
				AggregationRegistrar.class, EventBusLifecycle.class, ApplicationEventIntake.class);
	}

	@Bean
	@ConditionalOnMissingBean(EventBus.class)
	DurableEventBus durableEventBus(EventStore store, EventsProperties properties, Environment environment,
			SubscriberOverrides overrides, ObjectProvider<JsonMapper> jsonMapper,
			ObjectProvider<EventInterceptor> interceptors, ObjectProvider<EventUpcaster> upcasters,
			ObjectProvider<EventSchema> schemas, ObjectProvider<EventConnector<?>> connectors,
			ObjectProvider<EventKeyProvider> keys, ObjectProvider<PublishTransactions> transactions,
			ObjectProvider<DeliveryTransactions> deliveryTransactions, ObjectProvider<EventForwarder> forwarder,
			AccessPolicies access, EventObservations observations,
			ObjectProvider<EventBusBuilderCustomizer> customizers) {
		CoreSettings settings = new CoreSettings(properties);
		EventBusBuilder builder = DurableEventBus.builder(store)
			.source(settings.source(environment))
			// one of our own rather than a shared one, which would hold on to the classes
			// of a restarted application
			.jsonMapper(jsonMapper.getIfUnique(() -> JsonMapper.builder().findAndAddModules().build()))
			.interceptors(interceptors.orderedStream().toList())
			.accessPolicies(access.policies())
			.upcasters(upcasters.stream().toList())
			.schemas(settings.schemas())
			.connectors(connectors.orderedStream().toList())
			.encryption(new EncryptionSetup(properties.encryption()).settings(keys.getIfAvailable()))
			.transactions(transactions.getIfAvailable(() -> PublishTransactions.NONE))
			.deliveryTransactions(deliveryTransactions.getIfAvailable(() -> DeliveryTransactions.NONE))
			.forwarder(forwarder.getIfAvailable(() -> EventForwarder.NONE))
			.publishing(settings.publishing())
			.delivery(settings.delivery())
			.retry(settings.retry())
			.retention(settings.retention())
			.observations(observations)
			.mdc(properties.logging().mdc())
			.requests(settings.requests())
			.overrides(overrides::apply)
			.maxSubscribersPerType(settings.maxSubscribersPerType());
		if (StringUtils.hasText(properties.nodeId())) {
			builder.nodeId(properties.nodeId());
		}
		if (Threading.VIRTUAL.isActive(environment)) {
			builder.workers(new VirtualThreadTaskExecutor("events-worker-"));
		}
		customizers.orderedStream().forEach((customizer) -> customizer.customize(builder));
		DurableEventBus bus = builder.build();
		// before anybody can publish
		schemas.stream().sorted(BY_VERSION).forEach(bus.schemas()::register);
		return bus;
	}

	@Bean
	@ConditionalOnMissingBean
	EventObservations eventObservations(ObjectProvider<ObservationRegistry> registry,
			ObjectProvider<EventPublishConvention> publish, ObjectProvider<EventDeliveryConvention> delivery) {
		return EventObservations.of(registry.getIfUnique(() -> ObservationRegistry.NOOP))
			.withConventions(publish.getIfUnique(), delivery.getIfUnique());
	}

	@Bean
	@ConditionalOnBean(value = DurableEventBus.class, search = SearchStrategy.CURRENT)
	EventBusLifecycle eventBusLifecycle(DurableEventBus bus) {
		return new EventBusLifecycle(bus);
	}

	@Bean
	@ConditionalOnMissingBean(search = SearchStrategy.CURRENT)
	SubscriberOverrides eventSubscriberOverrides(EventsProperties properties) {
		return new CoreSettings(properties).overrides();
	}

	@Bean
	@ConditionalOnMissingBean
	FilterCompiler eventFilterCompiler() {
		return new SpelFilterCompiler();
	}

	// before the next one, which warns of configured subscribers that are not there
	@Bean
	@ConditionalOnMissingBean(search = SearchStrategy.CURRENT)
	SagaRegistrar eventSagaRegistrar(ConfigurableListableBeanFactory beanFactory, EventBus bus) {
		return new SagaRegistrar(beanFactory, bus);
	}

	// for the same reason
	@Bean
	@ConditionalOnMissingBean(search = SearchStrategy.CURRENT)
	AggregationRegistrar eventAggregationRegistrar(ConfigurableListableBeanFactory beanFactory, EventBus bus) {
		return new AggregationRegistrar(beanFactory, bus);
	}

	@Bean
	@ConditionalOnMissingBean(search = SearchStrategy.CURRENT)
	SubscriberRegistrar eventSubscriberRegistrar(ConfigurableListableBeanFactory beanFactory, EventBus bus,
			SubscriberOverrides overrides, FilterCompiler filters, ObjectProvider<AnswerAdapter> answers) {
		SubscriberMethods methods = new SubscriberMethods(filters, answers.getIfAvailable(() -> AnswerAdapter.NONE));
		return new SubscriberRegistrar(beanFactory, bus, methods, overrides);
	}

	/**
	 * Where transactions may exist.
	 */
	@Configuration(proxyBeanMethods = false)
	@ConditionalOnClass(TransactionSynchronizationManager.class)
	static class TransactionConfiguration {

		@Bean
		@ConditionalOnMissingBean(PublishTransactions.class)
		SpringPublishTransactions eventPublishTransactions() {
			return new SpringPublishTransactions();
		}

	}

	/**
	 * Where methods may return reactive types.
	 */
	@Configuration(proxyBeanMethods = false)
	@ConditionalOnClass(Publisher.class)
	static class ReactiveConfiguration {

		@Bean
		@ConditionalOnMissingBean(AnswerAdapter.class)
		ReactiveAnswers eventReactiveAnswers() {
			return new ReactiveAnswers();
		}

	}

}
