package dev.events.schedule;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;

import dev.events.Event;
import dev.events.EventInterceptor;
import dev.events.EventStoreException;
import dev.events.InvalidEventException;
import dev.events.Publication;
import dev.events.Publication.Outcome;
import dev.events.ScheduledEvent;
import dev.events.ScheduledEvents;
import dev.events.StartPosition;
import dev.events.Subscriber;
import dev.events.bus.DurableEventBus;
import dev.events.bus.EventBusBuilder;
import dev.events.delivery.CuttableStore;
import dev.events.memory.MemoryEventStore;
import dev.events.store.EventStore;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.awaitility.Awaitility.await;

@Timeout(60)
class ScheduledEventsTests {

	private static final Duration LATER = Duration.ofHours(1);

	private final MemoryEventStore store = new MemoryEventStore();

	private final List<DurableEventBus> buses = new CopyOnWriteArrayList<>();

	private final List<String> received = new CopyOnWriteArrayList<>();

	@AfterEach
	void close() {
		this.buses.forEach(DurableEventBus::close);
	}

	private DurableEventBus bus(EventBusBuilder builder) {
		DurableEventBus bus = builder.build();
		this.buses.add(bus);
		return bus;
	}

	private DurableEventBus bus(EventStore store) {
		return bus(DurableEventBus.builder(store).source("test"));
	}

	private DurableEventBus started() {
		DurableEventBus bus = bus(this.store);
		bus.subscribe(Subscriber.to("**")
			.id("all")
			.partitions(1)
			.startAt(StartPosition.BEGINNING)
			.handler((event) -> this.received.add(event.type())));
		bus.start();
		return bus;
	}

	private static Event<?> event(String type) {
		return Event.of(type, List.of(type));
	}

	@Test
	void anEventIsDeliveredWhenItIsDueAndNotBefore() {
		DurableEventBus bus = started();
		long begin = System.nanoTime();
		bus.publishIn(Duration.ofMillis(400), event("later"));
		bus.publish(event("now"));
		await().untilAsserted(() -> assertThat(this.received).containsExactly("now", "later"));
		assertThat(Duration.ofNanos(System.nanoTime() - begin)).isGreaterThanOrEqualTo(Duration.ofMillis(400));
		assertThat(bus.scheduled().count()).isZero();
		assertThat(bus.stats().published()).isEqualTo(2);
		assertThat(bus.stats().scheduled()).isZero();
	}

	@Test
	void anEarlierEventWakesANodeThatSleeps() {
		DurableEventBus bus = started();
		bus.publishIn(LATER, event("far"));
		List<Duration> times = new ArrayList<>();
		for (int i = 0; i < 21; i++) {
			int number = i;
			long begin = System.nanoTime();
			bus.publishIn(Duration.ofMillis(20), event("soon." + i));
			await().pollInterval(5, TimeUnit.MILLISECONDS)
				.untilAsserted(() -> assertThat(this.received).endsWith("soon." + number));
			times.add(Duration.ofNanos(System.nanoTime() - begin));
		}
		Collections.sort(times);
		// who is not woken looks after 600 ms at the earliest; some may be the machine's
		assertThat(times.get(5)).as("%s", times).isLessThan(Duration.ofMillis(500));
	}

	@Test
	void whatAnotherNodeHasScheduledIsReleasedAlthoughThatNodeIsGone() {
		started();
		DurableEventBus gone = bus(this.store);
		gone.publishIn(Duration.ofMillis(50), event("orphan"));
		gone.close();
		await().untilAsserted(() -> assertThat(this.received).containsExactly("orphan"));
	}

	@Test
	void aTimeThatHasPassedMeansAtOnceInTheOrderOfTheTimes() {
		DurableEventBus stopped = bus(this.store);
		stopped.publishAt(Instant.MIN, event("first"));
		stopped.publishAt(Instant.EPOCH.plusSeconds(2), event("third"));
		stopped.publishAt(Instant.EPOCH.plusSeconds(1), event("second"));
		stopped.publishIn(Duration.ofDays(-1), event("fourth"));
		stopped.publishIn(Duration.ofSeconds(Long.MIN_VALUE), event("first.too"));
		started();
		await().untilAsserted(
				() -> assertThat(this.received).containsExactly("first", "first.too", "second", "third", "fourth"));
	}

	@Test
	void moreThanABatchIsReleasedInOrder() {
		DurableEventBus stopped = bus(this.store);
		Instant due = Instant.EPOCH;
		List<String> types = java.util.stream.IntStream.range(0, 1234).mapToObj((i) -> "e." + i).toList();
		types.forEach((type) -> stopped.publishAt(due, event(type).withKey("one")));
		started();
		await().untilAsserted(() -> assertThat(this.received).hasSize(1234));
		assertThat(this.received).containsExactlyElementsOf(types);
	}

	@Test
	void whatIsCancelledIsNotDelivered() {
		// does not deliver yet, so that it is not too late
		DurableEventBus bus = bus(this.store);
		UUID id = bus.publishIn(Duration.ofMillis(300), event("cancelled")).event().id();
		bus.publishIn(Duration.ofMillis(300), event("kept"));
		assertThat(bus.scheduled().cancel(id)).isTrue();
		assertThat(bus.scheduled().cancel(id)).isFalse();
		started();
		await().untilAsserted(() -> assertThat(this.received).containsExactly("kept"));
		assertThat(bus.scheduled().cancel(UUID.randomUUID())).isFalse();
	}

	@Test
	void whatWasReleasedCannotBeCancelled() {
		DurableEventBus bus = started();
		UUID id = bus.publishIn(Duration.ZERO, event("now")).event().id();
		await().untilAsserted(() -> assertThat(this.received).containsExactly("now"));
		assertThat(bus.scheduled().cancel(id)).isFalse();
		assertThat(bus.scheduled().find(id)).isEmpty();
	}

	@Test
	void theEnvelopeIsThatOfThePublisherAndTheTimestampWhenItIsDue() {
		DurableEventBus bus = bus(this.store);
		Instant due = Clock.systemUTC().instant().plus(LATER).plusNanos(1);
		Publication publication = bus.from("plugin")
			.publishAt(due, event("a").withKey("k").withOrganization("acme").withUser("u"));
		assertThat(publication.outcome()).isEqualTo(Outcome.SCHEDULED);
		assertThat(publication.isScheduled()).isTrue();
		assertThat(publication.isStored()).isFalse();
		ScheduledEvent waiting = bus.scheduled().find(publication.event().id()).orElseThrow();
		assertThat(waiting.id()).isEqualTo(publication.event().id());
		assertThat(waiting.dueAt()).isAfterOrEqualTo(due).isBefore(due.plusNanos(1000));
		assertThat(waiting.event().source()).isEqualTo("plugin");
		assertThat(waiting.event().key()).isEqualTo("k");
		assertThat(waiting.event().organization()).isEqualTo("acme");
		assertThat(waiting.event().user()).isEqualTo("u");
		assertThat(waiting.event().correlationId()).isEqualTo(waiting.id().toString());
		assertThat(waiting.event().timestamp()).isEqualTo(waiting.dueAt()).isEqualTo(publication.event().timestamp());
		assertThat(waiting.event().data()).isEqualTo("[\"a\"]");
	}

	@Test
	void aTimestampThatIsLaterStays() {
		DurableEventBus bus = bus(this.store);
		Instant later = Instant.parse("2999-01-01T00:00:00Z");
		assertThat(bus.publishIn(LATER, event("a").withTimestamp(later)).event().timestamp()).isEqualTo(later);
	}

	@Test
	void interceptorsAndSynchronousSubscribersRunWhenItIsScheduled() {
		EventInterceptor interceptor = (event) -> event.type().equals("dropped") ? null
				: event.withMetadata("seen", "yes");
		DurableEventBus bus = bus(
				DurableEventBus.builder(this.store).source("test").interceptors(List.of(interceptor)));
		bus.subscribe(Subscriber.to("refused").synchronous().handler((event) -> {
			throw new IllegalStateException();
		}));
		bus.subscribe(Subscriber.to("asked").synchronous().function((event, delivery) -> event("answer")));
		assertThat(bus.publishIn(LATER, event("dropped")).outcome()).isEqualTo(Outcome.DROPPED);
		assertThatExceptionOfType(dev.events.SynchronousSubscriberException.class)
			.isThrownBy(() -> bus.publishIn(LATER, event("refused")));
		assertThat(bus.scheduled().count()).isZero();
		UUID asked = bus.publishIn(LATER, event("asked")).event().id();
		List<ScheduledEvent> waiting = bus.scheduled().list(10, null).events();
		assertThat(waiting).extracting((event) -> event.event().type()).containsExactly("asked", "answer");
		assertThat(waiting).extracting(ScheduledEvent::dueAt).containsOnly(waiting.get(0).dueAt());
		assertThat(waiting).allMatch((event) -> "yes".equals(event.event().metadata().get("seen")));
		assertThat(waiting.get(1).event().causationId()).isEqualTo(asked.toString());
	}

	@Test
	void listenersOfApplicationEventsDoNotHearOfWhatHasNotHappened() {
		List<String> forwarded = new CopyOnWriteArrayList<>();
		DurableEventBus bus = bus(
				DurableEventBus.builder(this.store).source("test").forwarder((event) -> forwarded.add(event.type())));
		bus.publishIn(LATER, event("later"));
		bus.publish(event("now"));
		assertThat(forwarded).containsExactly("now");
	}

	@Test
	void theSameIdIsStoredOnce() {
		DurableEventBus bus = started();
		Event<?> event = event("once");
		assertThat(bus.publishIn(Duration.ofMillis(200), event).outcome()).isEqualTo(Outcome.SCHEDULED);
		assertThat(bus.publishIn(LATER, event).outcome()).isEqualTo(Outcome.DUPLICATE);
		await().untilAsserted(() -> assertThat(this.received).containsExactly("once"));
		assertThat(bus.publishIn(Duration.ZERO, event).outcome()).isEqualTo(Outcome.DUPLICATE);
		assertThat(bus.publish(event).outcome()).isEqualTo(Outcome.DUPLICATE);
		Event<?> both = event("both");
		bus.stop();
		bus.publishIn(Duration.ofMillis(100), both);
		assertThat(bus.publish(both).outcome()).isEqualTo(Outcome.STORED);
		bus.start();
		await().until(() -> bus.scheduled().count() == 0);
		bus.publish(event("last"));
		await().untilAsserted(() -> assertThat(this.received).containsExactly("once", "both", "last"));
	}

	@Test
	void pagesMeetWhileOthersComeAndGo() {
		DurableEventBus bus = bus(this.store);
		for (int i = 0; i < 10; i++) {
			bus.publishAt(Instant.parse("2999-01-01T00:00:00Z").plusSeconds(i / 2), event("e." + i));
		}
		ScheduledEvents.Page first = bus.scheduled().list(3, null);
		bus.scheduled().cancel(first.events().get(2).id());
		bus.publishAt(Instant.parse("2998-01-01T00:00:00Z"), event("earlier"));
		ScheduledEvents.Page second = bus.scheduled().list(7, first.next());
		assertThat(first.events()).extracting((event) -> event.event().type()).containsExactly("e.0", "e.1", "e.2");
		assertThat(second.events()).extracting((event) -> event.event().type())
			.containsExactly("e.3", "e.4", "e.5", "e.6", "e.7", "e.8", "e.9");
		assertThat(second.next()).isNull();
	}

	@Test
	void badInputIsRefusedAndChangesNothing() {
		DurableEventBus bus = bus(this.store);
		assertThatExceptionOfType(InvalidEventException.class).isThrownBy(() -> bus.publishAt(Instant.MAX, event("a")))
			.withMessageContaining("9999-12-31");
		assertThatExceptionOfType(InvalidEventException.class)
			.isThrownBy(() -> bus.publishIn(Duration.ofSeconds(Long.MAX_VALUE), event("a")))
			.withMessageContaining("9999-12-31");
		assertThatExceptionOfType(InvalidEventException.class).isThrownBy(() -> bus.publishIn(LATER, new Object()));
		assertThatIllegalArgumentException().isThrownBy(() -> bus.scheduled().list(0, null));
		assertThatIllegalArgumentException().isThrownBy(() -> bus.scheduled().list(1, "nonsense"));
		assertThatIllegalArgumentException().isThrownBy(() -> bus.scheduled().list(1, "1.2.3"));
		assertThat(bus.scheduled().count()).isZero();
		assertThat(bus.stats().rejected()).isEqualTo(3);
	}

	@Test
	void anOutageDelaysButLosesNothing() {
		CuttableStore cuttable = new CuttableStore(this.store);
		DurableEventBus bus = bus(cuttable);
		bus.subscribe(Subscriber.to("**").id("all").handler((event) -> this.received.add(event.type())));
		bus.start();
		cuttable.cut(true);
		bus(this.store).publishIn(Duration.ofMillis(200), event("a"));
		assertThatExceptionOfType(EventStoreException.class).isThrownBy(() -> bus.publishIn(LATER, event("b")));
		await().pollDelay(Duration.ofMillis(500)).until(() -> true);
		assertThat(this.received).isEmpty();
		cuttable.cut(false);
		await().untilAsserted(() -> assertThat(this.received).containsExactly("a"));
	}

	@Test
	void severalNodesReleaseEachEventOnce() {
		for (int i = 0; i < 3; i++) {
			bus(this.store).start();
		}
		DurableEventBus bus = started();
		for (int i = 0; i < 2000; i++) {
			bus.publishIn(Duration.ofMillis(i % 300), event("e." + i));
		}
		await().untilAsserted(() -> assertThat(this.received).hasSize(2000));
		assertThat(this.received).doesNotHaveDuplicates();
	}

	@Test
	void itCanBeStoppedAndStartedAgain() {
		DurableEventBus bus = started();
		bus.stop();
		bus.publishIn(Duration.ofMillis(100), event("a"));
		await().pollDelay(Duration.ofMillis(300)).until(() -> true);
		assertThat(bus.scheduled().count()).isOne();
		bus.start();
		await().untilAsserted(() -> assertThat(this.received).containsExactly("a"));
	}

}
