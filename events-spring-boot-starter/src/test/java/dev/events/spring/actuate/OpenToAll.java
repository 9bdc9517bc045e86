package dev.events.spring.actuate;

import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.security.config.annotation.web.builders.HttpSecurity;
import org.springframework.security.web.SecurityFilterChain;

/**
 * Lets everybody call everything, for tests that are about something else: see
 * {@code SecuredEndpointsTests} for an application that is not open.
 */
@Configuration(proxyBeanMethods = false)
class OpenToAll {

	@Bean
	SecurityFilterChain open(HttpSecurity http) throws Exception {
		return http.csrf((csrf) -> csrf.disable())
			.authorizeHttpRequests((requests) -> requests.anyRequest().permitAll())
			.build();
	}

}
