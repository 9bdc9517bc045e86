package dev.events.schedule;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;

import dev.events.Event;
import dev.events.EventStoreException;
import dev.events.bus.DurableEventBus;
import dev.events.delivery.HookedStore;
import dev.events.memory.MemoryEventStore;
import dev.events.store.EventCriteria;
import dev.events.store.EventRecord;
import dev.events.store.StoredEvent;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Several nodes over one store that schedule, cancel and release, are stopped and started
 * at random, and whose calls fail before the store has done something, or after it, or
 * take long. What must hold: what was scheduled comes into the log once, or never when it
 * was cancelled, and each key in the order of the due times.
 */
@Timeout(120)
class SeveralNodesScheduleTests {

	private static final int KEYS = 6;

	private static final int EVENTS = 250;

	private static final int CANCELLED = 50;

	private final MemoryEventStore store = new MemoryEventStore();

	private final Set<UUID> scheduled = ConcurrentHashMap.newKeySet();

	private final Set<UUID> cancelled = ConcurrentHashMap.newKeySet();

	/** Those of which nobody knows whether they were scheduled, or cancelled. */
	private final Set<UUID> uncertain = ConcurrentHashMap.newKeySet();

	private final List<UUID> all = new CopyOnWriteArrayList<>();

	private final AtomicInteger faults = new AtomicInteger();

	@ParameterizedTest
	@ValueSource(longs = { 1, 2, 3 })
	void whatIsScheduledComesOnceAndWhatIsCancelledNever(long seed) throws Exception {
		List<HookedStore> views = List.of(new HookedStore(this.store), new HookedStore(this.store),
				new HookedStore(this.store));
		List<DurableEventBus> nodes = views.stream()
			.map((view) -> DurableEventBus.builder(view).source("test").build())
			.toList();
		ExecutorService threads = Executors.newCachedThreadPool();
		try {
			nodes.forEach(DurableEventBus::start);
			views.forEach((view) -> view.hook = (method, args, call) -> disturbed(method, call));
			List<Future<?>> applications = new ArrayList<>();
			for (int key = 0; key < KEYS; key++) {
				String name = "k" + key;
				Random random = new Random(31 * seed + key);
				applications.add(threads.submit(() -> schedule(name, nodes, random)));
			}
			Random random = new Random(seed);
			while (!applications.stream().allMatch(Future::isDone)) {
				DurableEventBus node = nodes.get(random.nextInt(nodes.size()));
				if (random.nextBoolean()) {
					node.stop();
				}
				else {
					node.start();
				}
				pause(20);
			}
			for (Future<?> application : applications) {
				application.get();
			}
			views.forEach((view) -> view.hook = (method, args, call) -> call.call());
			nodes.forEach(DurableEventBus::start);
			await().atMost(Duration.ofSeconds(60)).until(() -> this.store.schedule().count() == 0);
		}
		finally {
			threads.shutdownNow();
			nodes.forEach(DurableEventBus::close);
		}
		assertThat(this.faults).as("faults").hasValueGreaterThan(50);
		assertThat(this.cancelled).as("cancelled").hasSizeGreaterThan(CANCELLED);
		verify();
	}

	private Object disturbed(String method, Callable<Object> call) throws Exception {
		int what = method.startsWith("Schedule.") ? ThreadLocalRandom.current().nextInt(24) : 24;
		if (what == 0) {
			this.faults.incrementAndGet();
			throw new EventStoreException("cut off before", null);
		}
		if (what == 1) {
			pause(20);
		}
		Object result = call.call();
		if (what == 2) {
			this.faults.incrementAndGet();
			throw new EventStoreException("cut off behind", null);
		}
		if (what == 3) {
			pause(20);
		}
		return result;
	}

	private void schedule(String key, List<DurableEventBus> nodes, Random random) {
		Instant due = Instant.EPOCH;
		// until enough were cancelled in time, but not for ever
		for (int i = 0; i < EVENTS || this.cancelled.size() <= CANCELLED && i < 20 * EVENTS; i++) {
			Instant next = this.store.now().plusMillis(random.nextInt(60));
			due = next.isAfter(due) ? next : due;
			Event<?> event = Event.of("a", i).withKey(key);
			try {
				nodes.get(random.nextInt(nodes.size())).publishAt(due, event);
				this.scheduled.add(event.id());
			}
			catch (EventStoreException ex) {
				this.uncertain.add(event.id());
			}
			this.all.add(event.id());
			if (random.nextInt(4) == 0) {
				cancel(nodes.get(random.nextInt(nodes.size())), random);
			}
			pause(2);
		}
	}

	private void cancel(DurableEventBus node, Random random) {
		UUID id = this.all.get(Math.max(0, this.all.size() - 1 - random.nextInt(20)));
		try {
			if (node.scheduled().cancel(id)) {
				this.cancelled.add(id);
			}
		}
		catch (EventStoreException ex) {
			this.uncertain.add(id);
		}
	}

	private void verify() {
		Map<UUID, Integer> times = new HashMap<>();
		Map<String, Integer> last = new HashMap<>();
		for (StoredEvent stored : this.store.log().query(EventCriteria.ALL, 100_000)) {
			EventRecord event = stored.event();
			times.merge(event.id(), 1, Integer::sum);
			int number = Integer.parseInt(event.data());
			Integer before = last.put(String.valueOf(event.key()), number);
			assertThat(number).as("behind it in %s", event.key()).isGreaterThan((before != null) ? before : -1);
		}
		assertThat(times.values()).containsOnly(1);
		assertThat(times.keySet()).doesNotContainAnyElementsOf(this.cancelled).isSubsetOf(this.all);
		this.scheduled.removeAll(this.cancelled);
		this.scheduled.removeAll(this.uncertain);
		assertThat(times.keySet()).containsAll(this.scheduled);
	}

	private static void pause(int mostMillis) {
		LockSupport.parkNanos(ThreadLocalRandom.current().nextInt(1 + mostMillis * 1_000_000));
	}

}
