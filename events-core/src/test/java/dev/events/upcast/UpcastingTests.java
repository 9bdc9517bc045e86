package dev.events.upcast;

import java.math.BigDecimal;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;

import dev.events.DeadLetter;
import dev.events.DeadLetters.Filter;
import dev.events.Event;
import dev.events.EventType;
import dev.events.EventUpcaster;
import dev.events.InvalidUpcasterException;
import dev.events.RetryPolicy;
import dev.events.Subscriber;
import dev.events.SynchronousSubscriberException;
import dev.events.UpcastException;
import dev.events.bus.DurableEventBus;
import dev.events.bus.EventBusBuilder;
import dev.events.delivery.DeliverySettings;
import dev.events.memory.MemoryEventStore;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

/**
 * Whoever reads an event gets it in the new shape.
 */
@Timeout(60)
class UpcastingTests {

	private static final EventUpcaster ONE_NAME = EventUpcaster.of("user.registered", "1.0.0", "1.1.0",
			(data) -> data.put("name", data.remove("first").asString() + " " + data.remove("last").asString()));

	private static final EventUpcaster WITH_SOURCE = EventUpcaster.of("user.registered", "1.1.0", "2.0.0",
			(data, event) -> data.put("via", event.source() + "/" + event.version()));

	private static final Map<String, Object> OLD = Map.of("first", "Ada", "last", "Lovelace");

	private static final String NEW = "Ada Lovelace via test/1.1.0";

	private final MemoryEventStore store = new MemoryEventStore();

	private final List<DurableEventBus> buses = new CopyOnWriteArrayList<>();

	private final List<String> received = new CopyOnWriteArrayList<>();

	@AfterEach
	void close() {
		this.buses.forEach(DurableEventBus::close);
	}

	private DurableEventBus bus(EventUpcaster... upcasters) {
		EventBusBuilder builder = DurableEventBus.builder(this.store)
			.source("test")
			.retry(new RetryPolicy(3, Duration.ofMillis(20), 1, Duration.ofMillis(20), 0))
			.upcasters(List.of(upcasters))
			.delivery(DeliverySettings.DEFAULT.withLeaseDuration(Duration.ofSeconds(1))
				.withShutdownTimeout(Duration.ofMillis(500)));
		DurableEventBus bus = builder.build();
		this.buses.add(bus);
		bus.start();
		return bus;
	}

	private static Event<Object> old() {
		return Event.of("user.registered", OLD);
	}

	private void receive(Event<Registered> event) {
		this.received.add(event.version() + " " + event.data());
	}

	private static String shown(Event<Object> event) {
		Map<?, ?> data = (Map<?, ?>) event.data();
		return event.version() + " " + data.get("name") + " via " + data.get("via");
	}

	@Test
	void subscribersGetTheNewShape() {
		DurableEventBus bus = bus(ONE_NAME, WITH_SOURCE);
		bus.subscribe(Subscriber.to(Registered.class).id("durable").handler(this::receive));
		bus.subscribe(
				Subscriber.to(Registered.class).id("batch").batchHandler((events) -> events.forEach(this::receive)));
		bus.subscribe(Subscriber.to(Registered.class).synchronous().handler(this::receive));
		bus.subscribe("user.*", (event) -> this.received.add(shown(event)));
		bus.subscribe(Subscriber.to("user.*")
			.id("filtered")
			.where((event) -> shown(event).equals("2.0.0 " + NEW))
			.handler((event) -> this.received.add(shown(event))));
		bus.publish(old());
		await().untilAsserted(() -> assertThat(this.received).hasSize(5).containsOnly("2.0.0 " + NEW));
	}

	@Test
	void queriesGiveTheNewShapeAndTheStoredEventIsNotChanged() {
		DurableEventBus bus = bus(ONE_NAME, WITH_SOURCE);
		bus.publish(old());
		assertThat(bus.history("user.*", 10)).extracting(UpcastingTests::shown).containsExactly("2.0.0 " + NEW);
		assertThat(bus.query().page(10, null).events()).extracting(UpcastingTests::shown)
			.containsExactly("2.0.0 " + NEW);
		assertThat(bus.query().stream(Registered.class).map((event) -> event.data().toString())).containsExactly(NEW);
		assertThat(bus(new EventUpcaster[0]).history("user.*", 10)).extracting(Event::data).containsExactly(OLD);
	}

	@Test
	void retriesAndRetriedDeadLettersGetTheNewShape() {
		DurableEventBus bus = bus(ONE_NAME, WITH_SOURCE);
		AtomicInteger failures = new AtomicInteger(3);
		bus.subscribe(Subscriber.to(Registered.class).id("failing").handler((event) -> {
			receive(event);
			if (failures.getAndDecrement() > 0) {
				throw new IllegalStateException("not yet");
			}
		}));
		bus.publish(old());
		await().untilAsserted(() -> assertThat(bus.deadLetters().count(Filter.all())).isEqualTo(1));
		DeadLetter letter = bus.deadLetters().list(Filter.all(), 10, null).deadLetters().get(0);
		assertThat(letter.event().version()).isEqualTo("1.0.0");
		assertThat(letter.event().data()).contains("\"first\":\"Ada\"");
		bus.deadLetters().retry(letter.id());
		await().untilAsserted(() -> assertThat(this.received).hasSize(4).containsOnly("2.0.0 " + NEW));
	}

	@Test
	void aMissingLinkIsTheReasonOfTheDeadLetter() {
		DurableEventBus bus = bus(ONE_NAME);
		bus.subscribe(Subscriber.to(Registered.class).id("new").handler(this::receive));
		bus.publish(old());
		await().untilAsserted(() -> assertThat(bus.deadLetters().count(Filter.all())).isEqualTo(1));
		DeadLetter letter = bus.deadLetters().list(Filter.all(), 10, null).deadLetters().get(0);
		assertThat(letter.errorMessage())
			.isEqualTo("There is no upcaster of 'user.registered' from 1.1.0 towards 2.0.0");
		assertThat(letter.attempts()).isEqualTo(1);
		assertThat(this.received).isEmpty();
	}

	@Test
	void theDeadLetterSucceedsWhenTheLinkIsThere() {
		DurableEventBus before = bus(ONE_NAME);
		before.subscribe(Subscriber.to(Registered.class).id("new").handler(this::receive));
		before.publish(old());
		await().untilAsserted(() -> assertThat(before.deadLetters().count(Filter.all())).isEqualTo(1));
		before.close();
		DurableEventBus after = bus(ONE_NAME, WITH_SOURCE);
		after.subscribe(Subscriber.to(Registered.class).id("new").handler(this::receive));
		assertThat(after.deadLetters().retryAll(Filter.all())).isEqualTo(1);
		await().untilAsserted(() -> assertThat(this.received).containsExactly("2.0.0 " + NEW));
	}

	@Test
	void anUpcasterThatThrowsMakesADeadLetterWithoutQuotingData() {
		DurableEventBus bus = bus(EventUpcaster.of("user.registered", "1.0.0", "2.0.0", (data) -> {
			throw new IllegalStateException("secret " + data);
		}));
		bus.subscribe(Subscriber.to(Registered.class).id("new").handler(this::receive));
		Event<?> event = bus.publish(old()).event();
		await().untilAsserted(() -> assertThat(bus.deadLetters().count(Filter.all())).isEqualTo(1));
		DeadLetter letter = bus.deadLetters().list(Filter.all(), 10, null).deadLetters().get(0);
		assertThat(letter.errorType()).isEqualTo(UpcastException.class.getName());
		assertThat(letter.errorMessage()).isEqualTo("The upcaster of 'user.registered' from 1.0.0 to 2.0.0 failed on "
				+ "event " + event.id() + ": IllegalStateException");
		assertThat(letter.attempts()).isEqualTo(1);
	}

	@Test
	void dataThatIsNoObjectIsAFailureOfTheUpcaster() {
		DurableEventBus bus = bus(ONE_NAME);
		bus.publish(Event.of("user.registered", "Ada"));
		assertThatExceptionOfType(UpcastException.class).isThrownBy(() -> bus.history("user.*", 1))
			.havingCause()
			.withMessage("The data is STRING and not an object");
	}

	@Test
	void withoutUpcastersOfTheTypeOldEventsAreReadAsTheyAre() {
		DurableEventBus bus = bus(EventUpcaster.unchanged("order.placed", "1.0.0", "2.0.0"));
		bus.subscribe(Subscriber.to(Registered.class).id("new").handler(this::receive));
		bus.publish(Event.of("user.registered", Map.of("name", "Ada", "via", "web")));
		await().untilAsserted(() -> assertThat(this.received).containsExactly("1.0.0 Ada via web"));
	}

	@Test
	void newerEventsStayReadable() {
		DurableEventBus bus = bus(ONE_NAME, WITH_SOURCE);
		bus.subscribe(Subscriber.to(Registered.class).id("old").handler(this::receive));
		bus.publish(Event.of("user.registered", Map.of("name", "Ada", "via", "web", "added", 1)).withVersion("3.0.0"));
		await().untilAsserted(() -> assertThat(this.received).containsExactly("3.0.0 Ada via web"));
	}

	@Test
	void amountsStayExact() {
		DurableEventBus bus = bus(EventUpcaster.unchanged("order.placed", "1.0.0", "2.0.0"));
		BigDecimal amount = new BigDecimal("1234567890123456789.10");
		bus.publish(Event.of("order.placed", new Placed(amount)));
		assertThat(bus.history("order.placed", 1).get(0).data()).isEqualTo(Map.of("amount", amount));
		assertThat(bus.query().stream(Placed.class)).extracting((event) -> event.data().amount())
			.containsExactly(amount);
	}

	@Test
	void synchronousSubscribersFailWithTheirPublisher() {
		DurableEventBus bus = bus(ONE_NAME);
		AtomicBoolean called = new AtomicBoolean();
		bus.subscribe(Subscriber.to(Registered.class).synchronous().handler((event) -> called.set(true)));
		assertThatExceptionOfType(SynchronousSubscriberException.class).isThrownBy(() -> bus.publish(old()))
			.withCauseInstanceOf(UpcastException.class);
		assertThat(called).isFalse();
		assertThat(bus.history("**", 10)).isEmpty();
	}

	@Test
	void upcastersThatDoNotFitTogetherAreRefused() {
		assertThatExceptionOfType(InvalidUpcasterException.class).isThrownBy(() -> bus(ONE_NAME, ONE_NAME))
			.withMessageContaining("two upcasters from 1.0.0");
	}

	@EventType(value = "user.registered", version = "2.0.0")
	record Registered(String name, String via) {

		@Override
		public String toString() {
			return this.name + " via " + this.via;
		}

	}

	record Placed(BigDecimal amount) {

	}

}
