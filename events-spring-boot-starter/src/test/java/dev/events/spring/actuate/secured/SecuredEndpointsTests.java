package dev.events.spring.actuate.secured;

import java.util.Set;
import java.util.UUID;

import dev.events.DeadLetters;
import dev.events.Event;
import dev.events.EventAccessDeniedException;
import dev.events.EventAccessPolicy;
import dev.events.EventBus;
import dev.events.NonRetryableEventException;
import dev.events.Subscriber;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.webmvc.test.autoconfigure.AutoConfigureMockMvc;
import org.springframework.context.annotation.Bean;
import org.springframework.http.MediaType;
import org.springframework.security.config.annotation.web.builders.HttpSecurity;
import org.springframework.security.config.Customizer;
import org.springframework.security.core.userdetails.User;
import org.springframework.security.core.userdetails.UserDetailsService;
import org.springframework.security.provisioning.InMemoryUserDetailsManager;
import org.springframework.security.test.context.support.WithMockUser;
import org.springframework.security.web.SecurityFilterChain;
import org.springframework.test.web.servlet.assertj.MockMvcTester;
import org.springframework.test.web.servlet.assertj.MvcTestResult;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;
import static org.springframework.security.test.web.servlet.request.SecurityMockMvcRequestPostProcessors.csrf;
import static org.springframework.security.test.web.servlet.request.SecurityMockMvcRequestPostProcessors.httpBasic;

/**
 * Endpoints and publishers behind the application's Spring Security.
 */
@SpringBootTest(properties = { "events.store=memory", "events.retry.initial-delay=1ms", "spring.jpa.open-in-view=false",
		"management.endpoints.web.exposure.include=*", "events.actuator.show-payloads=when-authorized",
		"events.actuator.roles=SUPPORT", "management.endpoint.eventdlq.access=unrestricted",
		"events.access.publish[0].type=payment.*", "events.access.publish[0].sources=billing",
		"events.access.publish[1].type=payment.*", "events.access.publish[1].authorities=ROLE_CASHIER" })
@AutoConfigureMockMvc
class SecuredEndpointsTests {

	private static final DeadLetters.Filter ALL = DeadLetters.Filter.all();

	@Autowired
	MockMvcTester mvc;

	@Autowired
	EventBus bus;

	@BeforeEach
	void fail() {
		if (this.bus.deadLetters().count(ALL) == 0) {
			this.bus.publish(Event.of("order.placed", "secret-data").withUser("secret-user"));
			await().until(() -> this.bus.deadLetters().count(ALL) == 1);
		}
	}

	private MvcTestResult get(String user, String path) {
		return this.mvc.get().uri(path).with(httpBasic(user, "password")).exchange();
	}

	private String deadLetter() {
		UUID id = this.bus.deadLetters().list(ALL, 1, null).deadLetters().get(0).id();
		return "/actuator/eventdlq/" + id;
	}

	@Test
	void nobodyReadsWithoutAuthentication() {
		for (String path : new String[] { "/actuator/events", "/actuator/events/order.placed", "/actuator/eventdlq",
				deadLetter(), "/actuator/eventschedule", "/actuator/eventschemas", "/actuator/eventreplays" }) {
			assertThat(this.mvc.get().uri(path)).hasStatus(401);
		}
	}

	@Test
	void payloadsAreShownToThoseWithARole() {
		for (String path : new String[] { "/actuator/events/order.placed", deadLetter() }) {
			assertThat(get("support", path)).hasStatusOk().bodyText().contains("secret-data", "secret-user");
			assertThat(get("operator", path)).hasStatusOk().bodyText().doesNotContain("secret");
		}
		assertThat(get("support", "/actuator/eventdlq")).bodyText().contains("cannot take secret-data");
		assertThat(get("operator", "/actuator/eventdlq")).bodyText().doesNotContain("secret");
	}

	@Test
	void writingNeedsWhatTheApplicationSays() {
		assertThat(this.mvc.delete().uri(deadLetter()).with(httpBasic("operator", "password")).with(csrf()))
			.hasStatus(403);
		assertThat(this.mvc.delete().uri(deadLetter()).with(csrf())).hasStatus(401);
		assertThat(this.bus.deadLetters().count(ALL)).isEqualTo(1);
		// of an endpoint whose access is the default
		assertThat(this.mvc.post()
			.uri("/actuator/eventreplays")
			.with(httpBasic("support", "password"))
			.contentType(MediaType.APPLICATION_JSON)
			.content("{\"subscriber\":\"failing\"}")
			.with(csrf())).hasStatus(405);
		assertThat(this.mvc.delete().uri(deadLetter()).with(httpBasic("support", "password")).with(csrf()))
			.hasStatusOk();
		assertThat(this.bus.deadLetters().count(ALL)).isZero();
	}

	@Test
	@WithMockUser(roles = "CASHIER")
	void aPublisherWithTheAuthorityMay() {
		assertThat(this.bus.publish(Event.of("payment.made", 1)).isStored()).isTrue();
	}

	@Test
	@WithMockUser(roles = "CLERK")
	void aPublisherWithoutItMayNot() {
		assertThatExceptionOfType(EventAccessDeniedException.class)
			.isThrownBy(() -> this.bus.publish(Event.of("payment.made", 1)));
		this.bus.from("billing").publish(Event.of("payment.made", 2));
		this.bus.publish(Event.of("order.checked", 3));
		await().until(() -> !this.bus.history(EventAccessPolicy.REFUSED, 1).isEmpty());
		assertThat(get("operator", "/actuator/events")).bodyJson()
			.extractingPath("$.totals.refused")
			.asNumber()
			.satisfies((refused) -> assertThat(refused.intValue()).isPositive());
	}

	@Test
	void anybodyElseMayNot() {
		assertThatExceptionOfType(EventAccessDeniedException.class)
			.isThrownBy(() -> this.bus.publish(Event.of("payment.made", 1)));
	}

	@SpringBootConfiguration
	@EnableAutoConfiguration
	static class Application {

		@Bean
		SecurityFilterChain chain(HttpSecurity http) throws Exception {
			http.authorizeHttpRequests(
					(requests) -> requests.requestMatchers(org.springframework.http.HttpMethod.GET, "/actuator/**")
						.authenticated()
						.anyRequest()
						.hasRole("SUPPORT"));
			return http.httpBasic(Customizer.withDefaults()).build();
		}

		@Bean
		UserDetailsService users() {
			InMemoryUserDetailsManager users = new InMemoryUserDetailsManager();
			for (String role : Set.of("SUPPORT", "OPERATOR")) {
				users.createUser(User.withUsername(role.toLowerCase(java.util.Locale.ROOT))
					.password("{noop}password")
					.roles(role)
					.build());
			}
			return users;
		}

		@Autowired
		void subscribe(EventBus bus) {
			bus.subscribe(Subscriber.to("order.placed").id("failing").handler((event) -> {
				throw new NonRetryableEventException("cannot take " + event.data());
			}));
		}

	}

}
