package dev.events.spring.autoconfigure;

import java.util.ArrayList;
import java.util.List;

import dev.events.EventAccessPolicy;
import dev.events.access.PublishRule;
import dev.events.access.PublishRules;
import dev.events.spring.access.PublisherAuthorities;
import dev.events.spring.access.SecurityContextAuthorities;
import org.jspecify.annotations.Nullable;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.security.core.context.SecurityContextHolder;

/**
 * Who may publish and receive which events: the application's policies, and rules that
 * are configured.
 */
@Configuration(proxyBeanMethods = false)
class EventAccessConfiguration {

	@Bean
	@ConditionalOnMissingBean
	AccessPolicies eventAccessPolicies(EventsProperties properties, ObjectProvider<EventAccessPolicy> policies,
			ObjectProvider<PublisherAuthorities> authorities) {
		List<EventAccessPolicy> all = new ArrayList<>(policies.orderedStream().toList());
		List<PublishRule> rules = new CoreSettings(properties).publishRules();
		if (!rules.isEmpty()) {
			all.add(rules(rules, authorities.getIfAvailable()));
		}
		return new AccessPolicies(List.copyOf(all));
	}

	private static PublishRules rules(List<PublishRule> rules, @Nullable PublisherAuthorities authorities) {
		if (authorities == null && rules.stream().anyMatch((rule) -> !rule.authorities().isEmpty())) {
			throw new EventsSetupException(
					"events.access.publish names authorities, but nothing tells who publishes: Spring Security is not "
							+ "on the class path, and there is no bean of type PublisherAuthorities.",
					"Add spring-boot-starter-security, define a PublisherAuthorities bean, or leave authorities out.");
		}
		return new PublishRules(rules, (authorities != null) ? authorities::current : List::of);
	}

	/**
	 * All policies, in the order in which they are asked.
	 */
	record AccessPolicies(List<EventAccessPolicy> policies) {

	}

	/**
	 * Where Spring Security knows who publishes.
	 */
	@Configuration(proxyBeanMethods = false)
	@ConditionalOnClass(SecurityContextHolder.class)
	static class SecurityConfiguration {

		@Bean
		@ConditionalOnMissingBean(PublisherAuthorities.class)
		SecurityContextAuthorities eventPublisherAuthorities() {
			return new SecurityContextAuthorities();
		}

	}

}
