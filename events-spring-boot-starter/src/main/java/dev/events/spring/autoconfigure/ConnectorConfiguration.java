package dev.events.spring.autoconfigure;

import dev.events.EventBus;
import dev.events.spring.connector.FunctionConnector;
import dev.events.spring.connector.LogConnector;
import dev.events.spring.connector.webhook.WebhookConnector;
import dev.events.subscriber.AnswerAdapter;
import dev.events.subscriber.FilterCompiler;
import dev.events.subscriber.SubscriberMethods;
import io.micrometer.observation.ObservationRegistry;
import org.apache.hc.client5.http.impl.classic.CloseableHttpClient;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.http.client.HttpComponentsHttpClientBuilder;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/**
 * Connectors, in the context that has the bus.
 */
@Configuration(proxyBeanMethods = false)
@ConditionalOnMissingBean(EventBus.class)
class ConnectorConfiguration {

	@Bean
	@ConditionalOnMissingBean
	LogConnector logEventConnector() {
		return new LogConnector();
	}

	@Bean
	@ConditionalOnMissingBean
	FunctionConnector functionEventConnector(ConfigurableListableBeanFactory beanFactory) {
		return new FunctionConnector(beanFactory, new SubscriberMethods(FilterCompiler.NONE, AnswerAdapter.NONE));
	}

	/**
	 * Where there is an HTTP client.
	 */
	@Configuration(proxyBeanMethods = false)
	@ConditionalOnClass({ HttpComponentsHttpClientBuilder.class, CloseableHttpClient.class })
	static class WebhookConfiguration {

		@Bean
		@ConditionalOnMissingBean
		WebhookConnector webhookEventConnector(EventsProperties properties,
				ObjectProvider<ObservationRegistry> registry) {
			return new WebhookConnector(new CoreSettings(properties).webhooks(),
					registry.getIfUnique(() -> ObservationRegistry.NOOP));
		}

	}

}
