package dev.events.publish;

import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

import dev.events.Event;
import dev.events.EventException;
import dev.events.EventStoreException;
import dev.events.Publication;
import dev.events.bus.DurableEventBus;
import dev.events.memory.MemoryEventStore;
import dev.events.store.EventLog;
import dev.events.store.EventRecord;
import dev.events.store.ForwardingStore;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

@Timeout(120)
class BufferedPublishingTests {

	private static final Duration SOON = Duration.ofSeconds(20);

	private final GatedStore store = new GatedStore();

	private final DurableEventBus bus = DurableEventBus.builder(this.store)
		.publishing(new PublishSettings(1000, 4, 3, Duration.ofMillis(1)))
		.build();

	@AfterEach
	void close() {
		this.store.gate.release(1000);
		this.bus.close();
	}

	@Test
	void storesInOrderAndInBatches() {
		List<CompletableFuture<Publication>> futures = new ArrayList<>();
		futures.add(this.bus.publishAsync(Event.of("a", 0)));
		await().until(() -> this.store.gate.hasQueuedThreads());
		for (int i = 1; i < 5; i++) {
			futures.add(this.bus.publishAsync(Event.of("a", i)));
		}
		assertThat(futures).noneMatch(CompletableFuture::isDone);
		this.store.gate.release(1000);
		futures.forEach((future) -> assertThat(future).succeedsWithin(SOON).matches(Publication::isStored));
		assertThat(this.bus.query().list(10)).extracting(Event::data).containsExactly(0, 1, 2, 3, 4);
		assertThat(this.store.batches).first().isEqualTo(1);
		assertThat(this.store.batches).contains(3);
	}

	@Test
	void aFullBufferMakesPublishersWait() throws Exception {
		this.bus.publishAsync(Event.of("a", 0));
		await().until(() -> this.store.gate.hasQueuedThreads());
		for (int i = 1; i <= 4; i++) {
			this.bus.publishAsync(Event.of("a", i));
		}
		CountDownLatch through = new CountDownLatch(1);
		Thread publisher = new Thread(() -> {
			this.bus.publishAsync(Event.of("a", 5)).join();
			through.countDown();
		});
		publisher.start();
		await().until(() -> publisher.getState() == Thread.State.TIMED_WAITING);
		assertThat(through.getCount()).isEqualTo(1);
		this.store.gate.release(1000);
		assertThat(through.await(SOON.toSeconds(), TimeUnit.SECONDS)).isTrue();
		assertThat(this.bus.query().list(10)).hasSize(6);
	}

	@Test
	void oneEventThatTheStoreRefusesTakesNoOtherWithIt() {
		this.store.refused = "3";
		CompletableFuture<Publication> first = this.bus.publishAsync(Event.of("a", 0));
		await().until(() -> this.store.gate.hasQueuedThreads());
		List<CompletableFuture<Publication>> batch = new ArrayList<>();
		for (int i = 2; i < 5; i++) {
			batch.add(this.bus.publishAsync(Event.of("a", i)));
		}
		this.store.gate.release(1000);
		assertThat(first).succeedsWithin(SOON);
		assertThat(batch.get(0)).succeedsWithin(SOON);
		assertThat(batch.get(1)).failsWithin(SOON).withThrowableThat().withCauseInstanceOf(EventStoreException.class);
		assertThat(batch.get(2)).succeedsWithin(SOON);
	}

	@Test
	void closingPublishesWhatIsBufferedAndRefusesTheRest() {
		this.store.gate.release(1000);
		List<CompletableFuture<Publication>> futures = new ArrayList<>();
		for (int i = 0; i < 50; i++) {
			futures.add(this.bus.publishAsync(Event.of("a", i)));
		}
		this.bus.close();
		assertThat(futures).allMatch((future) -> future.isDone() && !future.isCompletedExceptionally());
		assertThat(this.bus.query().list(100)).hasSize(50);
		assertThat(this.bus.publishAsync(Event.of("a", 1))).failsWithin(SOON)
			.withThrowableThat()
			.withCauseInstanceOf(EventException.class)
			.withMessageContaining("closed");
	}

	/**
	 * Lets appends through one by one, and refuses what is to be refused.
	 */
	private static final class GatedStore extends ForwardingStore {

		private final Semaphore gate = new Semaphore(0);

		private final List<Integer> batches = Collections.synchronizedList(new ArrayList<>());

		private volatile String refused = "";

		GatedStore() {
			super(new MemoryEventStore());
		}

		@Override
		public EventLog log() {
			EventLog log = super.log();
			return (EventLog) Proxy.newProxyInstance(getClass().getClassLoader(), new Class<?>[] { EventLog.class },
					(proxy, method, arguments) -> {
						if (method.getName().equals("append")) {
							append((List<?>) arguments[0]);
						}
						return method.invoke(log, arguments);
					});
		}

		private void append(List<?> events) {
			this.gate.acquireUninterruptibly();
			if (events.stream().anyMatch((event) -> ((EventRecord) event).data().equals(this.refused))) {
				throw new EventStoreException("refused", null);
			}
			this.batches.add(events.size());
		}

	}

}
