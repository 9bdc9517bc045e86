package dev.events.test;

import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;

import dev.events.Event;
import dev.events.EventStoreException;
import dev.events.RetryPolicy;
import dev.events.Subscriber;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Tests of {@link Given} and {@link Then}.
 */
class GivenWhenThenTests {

	private final TestEventBus bus = TestEventBus
		.create((options) -> options.retry(new RetryPolicy(2, Duration.ofMinutes(1), 1, Duration.ofMinutes(1), 0)));

	// who keeps state beside the bus
	private final Map<String, Integer> owed = new ConcurrentHashMap<>();

	@BeforeEach
	void subscribe() {
		this.bus.subscribe(Subscriber.to(OrderPlaced.class).id("payment").function((event, delivery) -> {
			this.owed.merge(event.data().order(), event.data().amount(), Integer::sum);
			if (event.data().amount() > 100) {
				throw new IllegalStateException("Too much");
			}
			this.bus.publishIn(Duration.ofDays(1), Event.of("order.reminder", Map.of()));
			return new OrderPaid(event.data().order());
		}));
	}

	@AfterEach
	void close() {
		this.bus.close();
	}

	@Test
	void whatHappenedBeforeDoesNotCount() {
		this.bus.given(new OrderPlaced("1", 10)).when(new OrderPlaced("2", 20)).thenPublished(new OrderPaid("2"));
	}

	@Test
	void stateAndExpectationsMayBeAnybodys() {
		this.bus.given(owes("1", 50))
			.when(new OrderPlaced("1", 10))
			.thenPublished(OrderPaid.class)
			.then(isOwed("1", 60));
	}

	private Consumer<TestEventBus> owes(String order, int amount) {
		return (bus) -> this.owed.put(order, amount);
	}

	private Consumer<TestEventBus> isOwed(String order, int amount) {
		return (bus) -> assertThat(this.owed).containsEntry(order, amount);
	}

	@Test
	void failuresAreGiven() {
		this.bus.given((bus) -> bus.failNext("payment", 1)).when(new OrderPlaced("1", 10)).thenPublishedNothing();

		this.bus.given().whenTimePasses(Duration.ofMinutes(1)).thenPublished(new OrderPaid("1"));
	}

	@Test
	void whatIsGivenUpIsADeadLetter() {
		this.bus.given(new OrderPlaced("1", 500))
			.whenTimePasses(Duration.ofMinutes(1))
			.thenDeadLetter("payment")
			.because("Too much")
			.afterAttempts(2);
	}

	@Test
	void whatWaitsForItsTimeIsScheduled() {
		this.bus.given()
			.when((bus) -> bus.publishIn(Duration.ofHours(1), new OrderPlaced("1", 10)))
			.thenPublishedNothing()
			.thenScheduled(OrderPlaced.class);

		this.bus.given().whenTimePasses(Duration.ofHours(1)).thenPublished(OrderPlaced.class, OrderPaid.class);
		this.bus.given().whenTimePasses(Duration.ofDays(1)).thenPublished("order.reminder").thenScheduled();
	}

	@Test
	void whatIsThrownIsExpectedOrFailsTheTest() {
		this.bus.given((bus) -> bus.failNext(StoreCall.APPEND, 1))
			.when(new OrderPlaced("1", 10))
			.thenThrown(EventStoreException.class)
			.thenPublishedNothing();

		Then then = this.bus.given((bus) -> bus.failNext(StoreCall.APPEND, 1)).when(new OrderPlaced("1", 10));
		assertThatExceptionOfType(AssertionError.class).isThrownBy(then::thenPublishedNothing)
			.withCauseInstanceOf(EventStoreException.class);
	}

	@Test
	void whatWasExpectedAndWhatThereWasIsShown() {
		Then then = this.bus.given().when(new OrderPlaced("1", 10));

		assertThatExceptionOfType(AssertionError.class).isThrownBy(then::thenPublishedNothing)
			.withMessageContaining("order.paid");
		assertThatExceptionOfType(AssertionError.class).isThrownBy(() -> then.thenPublished(new OrderPaid("2")))
			.withMessageContaining("order=2")
			.withMessageContaining("order=1");
		assertThatExceptionOfType(AssertionError.class).isThrownBy(() -> then.thenDeadLetter("payment"))
			.withMessageContaining("there was nothing");
		assertThatExceptionOfType(AssertionError.class).isThrownBy(() -> then.thenThrown(RuntimeException.class))
			.withMessageContaining("no exception");
		assertThatExceptionOfType(AssertionError.class).isThrownBy(() -> then.thenScheduled(OrderPlaced.class))
			.withMessageContaining("order.reminder");
	}

}
