package dev.events.delivery;

import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Collectors;

import dev.events.DeadLetters;
import dev.events.Event;
import dev.events.Subscriber;
import dev.events.bus.DurableEventBus;
import dev.events.bus.EventBusBuilder;
import dev.events.memory.MemoryEventStore;
import dev.events.store.CursorState;
import dev.events.store.NodeRecord;
import dev.events.store.Wakeups.Kind;
import dev.events.store.Wakeups.Listening;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * What nodes tell each other. The log is polled once an hour and heartbeats are 20 s
 * apart here: what happens sooner has been told.
 */
class OtherNodesTests extends EngineTest {

	private static final DeliverySettings PATIENT = new DeliverySettings(4, Duration.ofMinutes(1), Duration.ofHours(1),
			Duration.ofMillis(100), 500, 1000, Duration.ofSeconds(2), Duration.ZERO);

	// and sooner than the next heartbeat
	private static final Duration SOON = Duration.ofSeconds(15);

	private final List<Kind> told = new CopyOnWriteArrayList<>();

	@Test
	void eventsOfOneNodeAreHandledByTheOther() {
		DurableEventBus first = started("n1");
		DurableEventBus second = started("n2");
		letKnowOthers(first);
		second.subscribe(Subscriber.to("a").id("s").handler((event) -> this.received.add("" + event.data())));
		awaitOwned("s");
		for (int i = 0; i < 5; i++) {
			first.publish(Event.of("a", i));
			awaitReceived("" + i);
		}
	}

	@Test
	void aBusThatDeliversNothingTellsToo() {
		DurableEventBus publisher = bus(builder("p"));
		DurableEventBus first = started("n1");
		DurableEventBus second = started("n2");
		letKnowOthers(first);
		first.subscribe(Subscriber.to("a").id("s").handler((event) -> this.received.add("" + event.data())));
		second.subscribe(Subscriber.to("a").id("t").handler((event) -> this.received.add("t" + event.data())));
		awaitOwned("s");
		awaitOwned("t");
		publisher.publish(Event.of("a", 1));
		awaitReceived("1", "t1");
	}

	@Test
	void whatANodeGivesUpWhenItStopsIsTakenAtOnceAndGivenBackWhenItStarts() {
		DurableEventBus first = started("n1");
		DurableEventBus second = started("n2");
		started("bystander");
		letKnowOthers(first);
		for (DurableEventBus bus : List.of(first, second)) {
			bus.subscribe(Subscriber.to("a").id("s").handler((event) -> this.received.add("" + event.data())));
		}
		await().atMost(SOON).until(() -> owners().equals(Set.of("n1", "n2")));
		second.stop();
		await().atMost(SOON).until(() -> owners().equals(Set.of("n1")));
		second.start();
		await().atMost(SOON).until(() -> owners().equals(Set.of("n1", "n2")));
	}

	@Test
	void aRetriedDeadLetterIsTold() {
		DurableEventBus first = started("n1");
		Set<Object> failed = ConcurrentHashMap.newKeySet();
		first.subscribe(Subscriber.to("a").id("s").maxAttempts(1).handler((event) -> {
			if (failed.add(event.data())) {
				throw new IllegalStateException("wanted by the test");
			}
			this.received.add("" + event.data());
		}));
		awaitOwned("s");
		first.publish(Event.of("a", 1));
		await().until(() -> first.deadLetters().count(DeadLetters.Filter.all()) == 1);
		DurableEventBus second = started("n2");
		this.memory.wakeups().listen("n3", this.told::add);
		assertThat(second.deadLetters().retryAll(DeadLetters.Filter.all())).isEqualTo(1);
		assertThat(this.told).contains(Kind.DELIVERIES);
		awaitReceived("1");
		this.told.clear();
		assertThat(second.deadLetters().retryAll(DeadLetters.Filter.all())).isZero();
		assertThat(this.told).doesNotContain(Kind.DELIVERIES);
	}

	@Test
	void whoIsAloneTellsAndHearsNothing() {
		List<Kind> heard = new CopyOnWriteArrayList<>();
		MemoryEventStore store = new MemoryEventStore();
		OtherNodes others = new OtherNodes(store.wakeups(), "n1", heard::add);
		store.wakeups().listen("n2", this.told::add);
		NodeRecord self = store.nodes().heartbeat("n1", Set.of(), Duration.ofMinutes(1)).get(0);
		others.tell(Kind.EVENTS);
		assertThat(this.told).as("while it knows nothing yet").containsExactly(Kind.EVENTS);
		others.seen(List.of(self));
		others.tell(Kind.EVENTS);
		store.wakeups().signal("n2", Kind.EVENTS);
		assertThat(this.told).hasSize(1);
		assertThat(heard).isEmpty();
		others.seen(store.nodes().heartbeat("n2", Set.of(), Duration.ofMinutes(1)));
		others.tell(Kind.PARTITIONS);
		store.wakeups().signal("n2", Kind.EVENTS);
		assertThat(this.told).containsExactly(Kind.EVENTS, Kind.PARTITIONS);
		assertThat(heard).containsExactly(Kind.EVENTS);
		others.seen(List.of(self));
		store.wakeups().signal("n2", Kind.EVENTS);
		assertThat(heard).hasSize(1);
	}

	@Test
	void whoHasStoppedHearsNothing() {
		List<Kind> heard = new CopyOnWriteArrayList<>();
		OtherNodes others = new OtherNodes(this.memory.wakeups(), "n1", heard::add);
		this.memory.nodes().heartbeat("n2", Set.of(), Duration.ofMinutes(1));
		others.seen(this.memory.nodes().list());
		others.close();
		// by a lease keeper that took longer to stop
		others.seen(this.memory.nodes().list());
		this.memory.wakeups().signal("n2", Kind.EVENTS);
		assertThat(heard).isEmpty();
	}

	private EventBusBuilder builder(String node) {
		return builder().nodeId(node).delivery(PATIENT);
	}

	private DurableEventBus started(String node) {
		DurableEventBus bus = bus(builder(node));
		bus.start();
		return bus;
	}

	/** Lets a node look at the others before its next heartbeat is due. */
	private void letKnowOthers(DurableEventBus bus) {
		List<Kind> announced = new CopyOnWriteArrayList<>();
		Listening listening = this.memory.wakeups().listen("observer", announced::add);
		bus.subscribe(Subscriber.to("nothing").id("reason-to-look").handler((event) -> {
		}));
		await().until(() -> announced.contains(Kind.PARTITIONS));
		listening.close();
	}

	private Set<String> owners() {
		return cursors("s").stream().map(CursorState::owner).map(String::valueOf).collect(Collectors.toSet());
	}

}
