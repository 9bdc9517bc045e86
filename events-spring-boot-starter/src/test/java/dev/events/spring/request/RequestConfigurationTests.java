package dev.events.spring.request;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;

import dev.events.Delivery;
import dev.events.Event;
import dev.events.EventBus;
import dev.events.EventKey;
import dev.events.EventStats;
import dev.events.EventSubscriber;
import dev.events.EventType;
import dev.events.RequestFailedException;
import dev.events.RequestTimeoutException;
import dev.events.spring.EventsContext;
import dev.events.spring.actuate.EventMeters;
import dev.events.spring.actuate.EventsEndpoint;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.jdbc.autoconfigure.DataSourceAutoConfiguration;
import org.springframework.boot.jdbc.autoconfigure.DataSourceTransactionManagerAutoConfiguration;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.transaction.autoconfigure.TransactionAutoConfiguration;
import org.springframework.transaction.support.TransactionTemplate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.awaitility.Awaitility.await;

class RequestConfigurationTests {

	private static final Duration SOON = Duration.ofSeconds(15);

	private final ApplicationContextRunner runner = EventsContext.inMemory().withBean(Prices.class);

	@Test
	void whatAnAnnotatedMethodReturnsIsTheAnswer() {
		this.runner.run((context) -> {
			EventBus bus = context.getBean(EventBus.class);
			assertThat(bus.request(new PriceAsked("book"), PriceQuoted.class, SOON).join().data())
				.isEqualTo(new PriceQuoted("book", 42));
			assertThat(bus.request(new PriceAsked("later"), PriceQuoted.class, SOON).join().data().price())
				.isEqualTo(43);
			assertThat(bus.request(new PriceAsked("book")).as(PriceQuoted.class).within(SOON).all(1).join()).hasSize(1);
		});
	}

	@Test
	void whoAsksHearsThatAMethodHasGivenUpThoughOthersAreSilent() {
		this.runner.withPropertyValues("events.retry.max-attempts=2").run((context) -> {
			EventBus bus = context.getBean(EventBus.class);
			CompletableFuture<?> future = bus.request(new PriceAsked("unknown"), PriceQuoted.class, SOON);
			assertThatExceptionOfType(CompletionException.class).isThrownBy(future::join)
				.havingCause()
				.isExactlyInstanceOf(RequestFailedException.class)
				.withMessageContaining("'quote' gave it up after 2 attempts (java.lang.IllegalArgumentException)");
		});
	}

	@Test
	void propertiesSayHowLongAndHowMany() {
		this.runner.withPropertyValues("events.request.timeout=100ms", "events.request.max-pending=1")
			.run((context) -> {
				EventBus bus = context.getBean(EventBus.class);
				CompletableFuture<?> first = bus.request(Event.of("nobody", 1)).first();
				assertThatExceptionOfType(CompletionException.class)
					.isThrownBy(() -> bus.request(Event.of("nobody", 1)).first().join())
					.withMessageContaining("events.request.max-pending");
				assertThatExceptionOfType(CompletionException.class).isThrownBy(first::join)
					.withCauseInstanceOf(RequestTimeoutException.class)
					.withMessageContaining("within 100 ms");
			});
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|', textBlock = """
			timeout=0s       | timeout must be greater than 0 and at most 1h
			timeout=2h       | timeout must be greater than 0 and at most 1h
			max-pending=0    | max-pending must be at least 1
			""")
	void wrongSettingsStopTheApplicationSayingWhatToWrite(String property, String message) {
		this.runner.withPropertyValues("events.request." + property)
			.run((context) -> assertThat(EventsContext.analysis(context).getDescription()).contains(message));
	}

	@Test
	void metersAndEndpointCountThem() {
		this.runner.withPropertyValues("management.endpoints.web.exposure.include=events").run((context) -> {
			EventBus bus = context.getBean(EventBus.class);
			bus.request(new PriceAsked("book"), PriceQuoted.class, SOON).join();
			bus.request(new PriceAsked("late"), PriceQuoted.class, Duration.ofMillis(50))
				.handle((answer, error) -> error)
				.join();
			Prices.late.complete(null);
			await().atMost(SOON).until(() -> bus.stats().requests().late() == 1);
			bus.request(Event.of("nobody", 1), SOON);
			SimpleMeterRegistry meters = new SimpleMeterRegistry();
			new EventMeters(bus).bindTo(meters);
			assertThat(List.of("answered", "timeout", "failed"))
				.extracting(
						(outcome) -> meters.get("events.requests").tag("outcome", outcome).functionCounter().count())
				.containsExactly(1.0, 1.0, 0.0);
			assertThat(meters.get("events.requests.stray").tag("outcome", "late").functionCounter().count())
				.isEqualTo(1);
			assertThat(meters.get("events.requests.pending").gauge().value()).isEqualTo(1);
			assertThat(context.getBean(EventsEndpoint.class).events().requests())
				.isEqualTo(new EventStats.Requests(3, 1, 1, 0, 1, 1, 0, 0));
		});
	}

	@Test
	void aRequestInATransactionIsRefused() {
		this.runner
			.withConfiguration(AutoConfigurations.of(DataSourceAutoConfiguration.class,
					DataSourceTransactionManagerAutoConfiguration.class, TransactionAutoConfiguration.class))
			.run((context) -> {
				EventBus bus = context.getBean(EventBus.class);
				TransactionTemplate transaction = context.getBean(TransactionTemplate.class);
				assertThatIllegalStateException().isThrownBy(
						() -> transaction.executeWithoutResult((status) -> bus.request(new PriceAsked("book"), SOON)))
					.withMessageContaining("cannot be a request in a transaction");
				assertThat(bus.history("price.asked", 1)).isEmpty();
			});
	}

	@Test
	void whoWaitsHearsThatTheApplicationStops() {
		CompletableFuture<?>[] waiting = new CompletableFuture<?>[1];
		this.runner.run((context) -> waiting[0] = context.getBean(EventBus.class).request(Event.of("nobody", 1), SOON));
		assertThatExceptionOfType(CompletionException.class).isThrownBy(waiting[0]::join)
			.withMessageContaining("This node stops");
	}

	@EventType("price.asked")
	record PriceAsked(@EventKey String product) {

	}

	@EventType("price.quoted")
	record PriceQuoted(String product, int price) {

	}

	static class Prices {

		private static final CompletableFuture<Void> late = new CompletableFuture<>();

		@EventSubscriber(id = "quote")
		Object quote(PriceAsked asked, Delivery delivery) {
			assertThat(delivery.isRequest()).isTrue();
			return switch (asked.product()) {
				case "unknown" -> throw new IllegalArgumentException("secret");
				case "later" -> CompletableFuture.supplyAsync(() -> new PriceQuoted("later", 43));
				case "late" -> late.thenApply((nothing) -> new PriceQuoted("late", 1));
				default -> new PriceQuoted(asked.product(), 42);
			};
		}

		@EventSubscriber(id = "audit", value = "**")
		void audit(Event<?> event) {
			assertThat(event.type()).isNotEmpty();
		}

	}

}
