package dev.events.spring.autoconfigure;

import dev.events.EventBus;
import dev.events.publish.EventForwarder;
import dev.events.spring.bridge.ApplicationEventForwarder;
import dev.events.spring.bridge.ApplicationEventIntake;
import dev.events.spring.bridge.BridgedEvents;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.util.function.SingletonSupplier;

/**
 * Both directions of the bridge, in the context that has the bus: events of child
 * contexts come up to it by themselves.
 */
@Configuration(proxyBeanMethods = false)
@ConditionalOnMissingBean(EventBus.class)
class EventBridgeConfiguration {

	@Bean
	BridgedEvents bridgedEvents() {
		return new BridgedEvents();
	}

	@Bean
	@ConditionalOnMissingBean(EventForwarder.class)
	@ConditionalOnBooleanProperty(name = "events.bridge.outbound", matchIfMissing = true)
	ApplicationEventForwarder applicationEventForwarder(ApplicationEventPublisher publisher, BridgedEvents bridged) {
		return new ApplicationEventForwarder(publisher, bridged);
	}

	@Bean
	@ConditionalOnBooleanProperty(name = "events.bridge.inbound", matchIfMissing = true)
	ApplicationEventIntake applicationEventIntake(ConfigurableApplicationContext context, ObjectProvider<EventBus> bus,
			BridgedEvents bridged) {
		return new ApplicationEventIntake(context, SingletonSupplier.of(bus::getObject), bridged);
	}

}
