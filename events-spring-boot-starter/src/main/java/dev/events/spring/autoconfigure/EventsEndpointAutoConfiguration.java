package dev.events.spring.autoconfigure;

import dev.events.EventBus;
import dev.events.spring.actuate.EventAggregationsEndpoint;
import dev.events.spring.actuate.EventDlqEndpoint;
import dev.events.spring.actuate.EventDlqEndpointWebExtension;
import dev.events.spring.actuate.EventReplaysEndpoint;
import dev.events.spring.actuate.EventReplaysEndpointWebExtension;
import dev.events.spring.actuate.EventSagasEndpoint;
import dev.events.spring.actuate.EventSagasEndpointWebExtension;
import dev.events.spring.actuate.EventScheduleEndpoint;
import dev.events.spring.actuate.EventScheduleEndpointWebExtension;
import dev.events.spring.actuate.EventSchemasEndpoint;
import dev.events.spring.actuate.EventSubscriptionsEndpoint;
import dev.events.spring.actuate.EventSubscriptionsEndpointWebExtension;
import dev.events.spring.actuate.EventsEndpoint;
import dev.events.spring.actuate.EventsEndpointWebExtension;
import dev.events.spring.actuate.PayloadAccess;
import dev.events.spring.actuate.UnknownParameters;

import org.springframework.boot.actuate.autoconfigure.endpoint.condition.ConditionalOnAvailableEndpoint;
import org.springframework.boot.actuate.endpoint.annotation.Endpoint;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.context.annotation.Bean;

/**
 * Auto-configuration of the endpoints {@code events}, {@code eventschemas},
 * {@code eventdlq}, {@code eventschedule}, {@code eventreplays},
 * {@code eventsubscriptions}, {@code eventsagas} and {@code eventaggregations}.
 */
@AutoConfiguration(after = EventsAutoConfiguration.class)
@ConditionalOnClass({ Endpoint.class, ConditionalOnAvailableEndpoint.class })
@ConditionalOnBooleanProperty(name = "events.enabled", matchIfMissing = true)
@ConditionalOnBean(EventBus.class)
public final class EventsEndpointAutoConfiguration {

	@Bean
	@ConditionalOnMissingBean
	@ConditionalOnAvailableEndpoint
	EventsEndpoint eventsEndpoint(EventBus bus, EventsProperties properties) {
		return new EventsEndpoint(bus, payloads(properties));
	}

	@Bean
	@ConditionalOnMissingBean
	@ConditionalOnBean(EventsEndpoint.class)
	@ConditionalOnAvailableEndpoint(endpoint = EventsEndpoint.class)
	EventsEndpointWebExtension eventsEndpointWebExtension(EventsEndpoint endpoint) {
		return new EventsEndpointWebExtension(endpoint);
	}

	@Bean
	@ConditionalOnMissingBean
	@ConditionalOnAvailableEndpoint
	EventSchemasEndpoint eventSchemasEndpoint(EventBus bus) {
		return new EventSchemasEndpoint(bus);
	}

	@Bean
	@ConditionalOnMissingBean
	@ConditionalOnAvailableEndpoint
	EventDlqEndpoint eventDlqEndpoint(EventBus bus, EventsProperties properties) {
		return new EventDlqEndpoint(bus, payloads(properties));
	}

	@Bean
	@ConditionalOnMissingBean
	@ConditionalOnAvailableEndpoint(endpoint = EventDlqEndpoint.class)
	@ConditionalOnBean(EventDlqEndpoint.class)
	EventDlqEndpointWebExtension eventDlqEndpointWebExtension(EventDlqEndpoint endpoint) {
		return new EventDlqEndpointWebExtension(endpoint);
	}

	@Bean
	@ConditionalOnMissingBean
	@ConditionalOnAvailableEndpoint
	EventReplaysEndpoint eventReplaysEndpoint(EventBus bus) {
		return new EventReplaysEndpoint(bus);
	}

	@Bean
	@ConditionalOnMissingBean
	@ConditionalOnAvailableEndpoint
	EventScheduleEndpoint eventScheduleEndpoint(EventBus bus, EventsProperties properties) {
		return new EventScheduleEndpoint(bus, payloads(properties));
	}

	@Bean
	@ConditionalOnMissingBean
	@ConditionalOnAvailableEndpoint(endpoint = EventReplaysEndpoint.class)
	@ConditionalOnBean(EventReplaysEndpoint.class)
	EventReplaysEndpointWebExtension eventReplaysEndpointWebExtension(EventReplaysEndpoint endpoint) {
		return new EventReplaysEndpointWebExtension(endpoint);
	}

	@Bean
	@ConditionalOnMissingBean
	@ConditionalOnAvailableEndpoint(endpoint = EventScheduleEndpoint.class)
	@ConditionalOnBean(EventScheduleEndpoint.class)
	EventScheduleEndpointWebExtension eventScheduleEndpointWebExtension(EventScheduleEndpoint endpoint) {
		return new EventScheduleEndpointWebExtension(endpoint);
	}

	@Bean
	@ConditionalOnMissingBean
	@ConditionalOnAvailableEndpoint
	EventSubscriptionsEndpoint eventSubscriptionsEndpoint(EventBus bus) {
		return new EventSubscriptionsEndpoint(bus);
	}

	@Bean
	@ConditionalOnMissingBean
	@ConditionalOnAvailableEndpoint(endpoint = EventSubscriptionsEndpoint.class)
	@ConditionalOnBean(EventSubscriptionsEndpoint.class)
	EventSubscriptionsEndpointWebExtension eventSubscriptionsEndpointWebExtension(EventSubscriptionsEndpoint endpoint) {
		return new EventSubscriptionsEndpointWebExtension(endpoint);
	}

	@Bean
	@ConditionalOnMissingBean
	UnknownParameters eventsUnknownParameters() {
		return new UnknownParameters();
	}

	@Bean
	@ConditionalOnMissingBean
	@ConditionalOnAvailableEndpoint
	EventAggregationsEndpoint eventAggregationsEndpoint(EventBus bus) {
		return new EventAggregationsEndpoint(bus);
	}

	@Bean
	@ConditionalOnMissingBean
	@ConditionalOnAvailableEndpoint
	EventSagasEndpoint eventSagasEndpoint(EventBus bus, EventsProperties properties) {
		return new EventSagasEndpoint(bus, payloads(properties));
	}

	@Bean
	@ConditionalOnMissingBean
	@ConditionalOnAvailableEndpoint(endpoint = EventSagasEndpoint.class)
	@ConditionalOnBean(EventSagasEndpoint.class)
	EventSagasEndpointWebExtension eventSagasEndpointWebExtension(EventSagasEndpoint endpoint) {
		return new EventSagasEndpointWebExtension(endpoint);
	}

	private static PayloadAccess payloads(EventsProperties properties) {
		return new PayloadAccess(properties.actuator().showPayloads(), properties.actuator().roles());
	}

}
