package dev.events.batch;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.IntStream;

import dev.events.BatchEmitter;
import dev.events.BatchOptions;
import dev.events.Event;
import dev.events.EventBatch;
import dev.events.EventKeyException;
import dev.events.EventException;
import dev.events.EventRejectedException;
import dev.events.EventStats;
import dev.events.EventStoreException;
import dev.events.InvalidEventException;
import dev.events.Subscriber;
import dev.events.bus.DurableEventBus;
import dev.events.delivery.DeliverySettings;
import dev.events.memory.MemoryEventStore;
import dev.events.publish.PublishSettings;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import tools.jackson.core.type.TypeReference;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.awaitility.Awaitility.await;

/**
 * Many items in one event.
 */
@Timeout(60)
class BatchEmitterTests {

	// the common ones are few, and for those who do not wait
	private static final Executor OWN_THREAD = (task) -> new Thread(task).start();

	private static final Duration SOON = Duration.ofSeconds(15);

	private static final BatchOptions FULL = BatchOptions.size(3).interval(Duration.ofHours(1));

	private final DurableEventBus bus = DurableEventBus.builder(new MemoryEventStore())
		.publishing(new PublishSettings(200, 10, 10, Duration.ZERO))
		.interceptors(List.of((event) -> {
			if (event.type().equals("refused")) {
				throw new EventRejectedException("no");
			}
			return event;
		}))
		.build();

	@AfterEach
	void close() {
		this.bus.close();
	}

	private List<Object> items(String type) {
		return this.bus.query()
			.type(type)
			.list(1000)
			.stream()
			.<Object>map((event) -> data(event).get("items"))
			.toList();
	}

	@SuppressWarnings("unchecked")
	private static Map<String, Object> data(Event<Object> event) {
		return (Map<String, Object>) event.data();
	}

	private static Emitters over(List<Event<?>> published, AtomicBoolean down, Duration patience) {
		return new Emitters((event) -> {
			if (down.get()) {
				throw new EventStoreException("down", null);
			}
			published.add(event);
		}, patience, System::nanoTime);
	}

	private static List<Object> items(List<Event<?>> events) {
		return events.stream().<Object>flatMap((event) -> ((EventBatch<?>) event.data()).items().stream()).toList();
	}

	@Test
	void emitsWhenThereAreEnough() {
		BatchEmitter<Integer> emitter = this.bus.batch("views", FULL.key("k").organization("acme"));
		IntStream.range(0, 7).forEach(emitter::add);
		await().atMost(SOON)
			.untilAsserted(() -> assertThat(items("views")).containsExactly(List.of(0, 1, 2), List.of(3, 4, 5)));
		Event<Object> event = this.bus.history("views", 1).get(0);
		assertThat(data(event)).containsEntry("count", 3);
		assertThat(event.key()).isEqualTo("k");
		assertThat(event.organization()).isEqualTo("acme");
		await().atMost(SOON)
			.untilAsserted(() -> assertThat(this.bus.stats().batches()).isEqualTo(new EventStats.Batches(2, 6, 1, 0)));
	}

	@Test
	void emitsWhatHasWaitedLongEnough() {
		BatchEmitter<String> emitter = this.bus.batch("views", BatchOptions.size(100).interval(Duration.ofMillis(50)));
		emitter.add("a");
		await().atMost(SOON).until(() -> items("views").size() == 1);
		emitter.add("b");
		await().atMost(SOON)
			.untilAsserted(() -> assertThat(items("views")).containsExactly(List.of("a"), List.of("b")));
	}

	@Test
	void subscribersReadItemsWithTheirType() {
		List<View> received = new CopyOnWriteArrayList<>();
		this.bus.subscribe(Subscriber.to("views").<EventBatch<View>>as(new TypeReference<EventBatch<View>>() {
		}.getType()).id("s").handler((event) -> received.addAll(event.data().items())));
		this.bus.start();
		try (BatchEmitter<View> emitter = this.bus.batch("views", FULL)) {
			emitter.add(new View("/a"));
			emitter.add(new View("/b"));
		}
		await().atMost(SOON).until(() -> received.size() == 2);
		assertThat(received).containsExactly(new View("/a"), new View("/b"));
	}

	@Test
	void closingEmitsTheRestAndTakesNoMore() {
		BatchEmitter<String> emitter = this.bus.batch("views", FULL);
		BatchEmitter<String> other = this.bus.batch("others", FULL);
		emitter.add("a");
		other.add("b");
		emitter.close();
		emitter.close();
		assertThat(items("views")).containsExactly(List.of("a"));
		assertThatIllegalStateException().isThrownBy(() -> emitter.add("b")).withMessageContaining("is closed");
		assertThat(items("others")).isEmpty();
		this.bus.close();
		assertThat(items("others")).containsExactly(List.of("b"));
		assertThatIllegalStateException().isThrownBy(() -> this.bus.batch("views", FULL));
	}

	@Test
	void everyItemOfManyThreadsIsEmittedOnceAndInTheOrderOfItsThread() throws Exception {
		BatchEmitter<List<Integer>> emitter = this.bus.batch("views", BatchOptions.size(10).capacity(10));
		List<CompletableFuture<Void>> threads = new ArrayList<>();
		for (int thread = 0; thread < 4; thread++) {
			int number = thread;
			threads.add(CompletableFuture
				.runAsync(() -> IntStream.range(0, 500).forEach((i) -> emitter.add(List.of(number, i))), OWN_THREAD));
		}
		for (CompletableFuture<Void> thread : threads) {
			thread.get();
		}
		emitter.close();
		List<List<?>> all = new ArrayList<>();
		items("views").forEach((items) -> ((List<?>) items).forEach((item) -> all.add((List<?>) item)));
		assertThat(all).hasSize(2000);
		for (int thread = 0; thread < 4; thread++) {
			int number = thread;
			assertThat(all.stream().filter((item) -> item.get(0).equals(number)).map((item) -> (Object) item.get(1)))
				.containsExactlyElementsOf(IntStream.range(0, 500).<Object>mapToObj((i) -> i).toList());
		}
	}

	@Test
	void whileTheStoreIsDownItemsWaitAndThenThoseWhoAddMore() {
		List<Event<?>> published = new CopyOnWriteArrayList<>();
		AtomicBoolean down = new AtomicBoolean(true);
		Emitters emitters = over(published, down, SOON);
		BatchEmitter<Integer> emitter = emitters.open("views", FULL.capacity(5));
		IntStream.range(0, 5).forEach(emitter::add);
		CompletableFuture<Void> sixth = CompletableFuture.runAsync(() -> emitter.add(5), OWN_THREAD);
		await().pollDelay(Duration.ofMillis(300)).until(() -> true);
		assertThat(sixth).isNotDone();
		assertThat(emitters.stats()).isEqualTo(new EventStats.Batches(0, 0, 5, 0));
		down.set(false);
		sixth.join();
		emitter.close();
		assertThat(items(published)).containsExactly(0, 1, 2, 3, 4, 5);
		assertThat(emitters.stats()).isEqualTo(new EventStats.Batches(2, 6, 0, 0));
	}

	@Test
	void whatWasPerhapsStoredIsPublishedUnderTheSameId() {
		List<Event<?>> published = new CopyOnWriteArrayList<>();
		AtomicBoolean answerLost = new AtomicBoolean(true);
		Emitters emitters = new Emitters((event) -> {
			published.add(event);
			if (answerLost.getAndSet(false)) {
				throw new EventStoreException("connection lost", null);
			}
		}, SOON, System::nanoTime);
		try (BatchEmitter<Integer> emitter = emitters.open("views", FULL)) {
			emitter.add(1);
		}
		assertThat(published).hasSize(2).extracting(Event::id).containsOnly(published.get(0).id());
	}

	@Test
	void itemsWaitForKeysThatCannotBeHadNow() {
		List<Event<?>> published = new CopyOnWriteArrayList<>();
		AtomicBoolean noKeys = new AtomicBoolean(true);
		Emitters emitters = new Emitters((event) -> {
			if (noKeys.getAndSet(false)) {
				throw new EventKeyException("The vault is closed", null);
			}
			published.add(event);
		}, SOON, System::nanoTime);
		try (BatchEmitter<Integer> emitter = emitters.open("views", FULL)) {
			emitter.add(1);
		}
		assertThat(items(published)).containsExactly(1);
		assertThat(emitters.stats().lost()).isZero();
	}

	@Test
	void aStoreThatStaysDownCannotKeepTheProcess() {
		List<Event<?>> published = new CopyOnWriteArrayList<>();
		Emitters emitters = over(published, new AtomicBoolean(true), Duration.ofMillis(200));
		BatchEmitter<Integer> emitter = emitters.open("views", FULL);
		emitter.add(1);
		emitter.add(2);
		emitters.close();
		assertThat(emitters.stats()).isEqualTo(new EventStats.Batches(0, 0, 0, 2));
		await().atMost(SOON)
			.until(() -> Thread.getAllStackTraces()
				.keySet()
				.stream()
				.noneMatch((thread) -> thread.getName().equals("events-batch-views")));
	}

	@Test
	void whoWaitsForRoomHearsOfTheEndAndCanBeInterrupted() throws Exception {
		Emitters emitters = over(new ArrayList<>(), new AtomicBoolean(true), Duration.ofMillis(200));
		BatchEmitter<Integer> emitter = emitters.open("views", BatchOptions.size(1).capacity(1));
		emitter.add(1);
		Thread.currentThread().interrupt();
		assertThatExceptionOfType(EventException.class).isThrownBy(() -> emitter.add(2));
		assertThat(Thread.interrupted()).isTrue();
		CompletableFuture<Void> waiting = CompletableFuture.runAsync(() -> emitter.add(3), OWN_THREAD);
		emitter.close();
		assertThat(waiting).failsWithin(SOON).withThrowableThat().withCauseInstanceOf(IllegalStateException.class);
	}

	@Test
	void anItemThatCannotBePublishedDoesNotTakeOthersWithIt() {
		try (BatchEmitter<Object> emitter = this.bus.batch("views",
				BatchOptions.size(8).interval(Duration.ofHours(1)))) {
			emitter.add("a");
			emitter.add(new Object() {

				public Object getSelf() {
					return this;
				}

			});
			emitter.add("b".repeat(250));
			IntStream.range(0, 5).forEach((i) -> emitter.add("c".repeat(60)));
		}
		List<Object> all = new ArrayList<>();
		items("views").forEach((items) -> all.addAll((List<?>) items));
		assertThat(all).hasSize(6).startsWith("a");
		assertThat(this.bus.stats().batches().lost()).isEqualTo(2);
		assertThat(this.bus.stats().batches().items()).isEqualTo(6);
	}

	@Test
	void whatIsRefusedIsCountedAndStopsNothing() {
		try (BatchEmitter<Object> emitter = this.bus.batch("refused", FULL)) {
			IntStream.range(0, 4).forEach(emitter::add);
		}
		assertThat(this.bus.stats().batches()).isEqualTo(new EventStats.Batches(0, 0, 0, 4));
	}

	@Test
	void optionsAreChecked() {
		assertThatIllegalArgumentException().isThrownBy(() -> BatchOptions.size(0)).withMessageContaining("size is 0");
		assertThatIllegalArgumentException().isThrownBy(() -> FULL.interval(Duration.ZERO))
			.withMessageContaining("interval is PT0S");
		assertThatIllegalArgumentException().isThrownBy(() -> FULL.capacity(2))
			.withMessageContaining("must be at least the size");
		assertThatExceptionOfType(InvalidEventException.class).isThrownBy(() -> this.bus.batch("a..b", FULL));
		assertThatExceptionOfType(InvalidEventException.class).isThrownBy(() -> this.bus.batch("a", FULL.key(" ")));
	}

	record View(String path) {

	}

}
