package dev.events.publish;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;

import dev.events.Event;
import dev.events.EventStoreException;
import dev.events.Publication;
import dev.events.UnknownOutcomeException;
import dev.events.bus.DurableEventBus;
import dev.events.delivery.HookedStore;
import dev.events.memory.MemoryEventStore;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Asynchronous publishing when the store or the publisher's own callbacks misbehave.
 */
@Timeout(120)
class PublisherFaultsTests {

	private final HookedStore store = new HookedStore(new MemoryEventStore());

	private final DurableEventBus bus = DurableEventBus.builder(this.store).build();

	@AfterEach
	void close() {
		this.bus.close();
	}

	@Test
	void anErrorInTheStoreDoesNotEndAsynchronousPublishing() {
		AtomicBoolean once = new AtomicBoolean(true);
		this.store.hook = (method, args, call) -> {
			if (method.equals("EventLog.append") && once.compareAndSet(true, false)) {
				throw new StackOverflowError();
			}
			return call.call();
		};
		assertThat(this.bus.publishAsync(Event.of("a", 1))).failsWithin(Duration.ofSeconds(20))
			.withThrowableThat()
			.withCauseInstanceOf(StackOverflowError.class);
		assertThat(this.bus.publishAsync(Event.of("a", 2))).succeedsWithin(Duration.ofSeconds(20))
			.matches(Publication::isStored);
	}

	@Test
	void whatMayBeStoredIsNotCalledLost() throws Exception {
		AtomicInteger appends = new AtomicInteger();
		List<CompletableFuture<Publication>> answers = publishOneBatch((call) -> {
			if (appends.incrementAndGet() == 1) {
				call.call();
				throw new UnknownOutcomeException("no answer", null);
			}
			throw new EventStoreException("the store is away", null);
		});
		for (CompletableFuture<Publication> answer : answers) {
			assertThat(answer).failsWithin(Duration.ofSeconds(20))
				.withThrowableThat()
				.withCauseInstanceOf(UnknownOutcomeException.class);
		}
		assertThat(appends).hasValue(3);
		assertThat(this.bus.query().list(10)).hasSize(5);
	}

	@Test
	void whatWasRefusedWithItsBatchAndNotTriedAgainIsNotStored() throws Exception {
		AtomicInteger appends = new AtomicInteger();
		List<CompletableFuture<Publication>> answers = publishOneBatch((call) -> {
			if (appends.incrementAndGet() == 1) {
				throw new EventStoreException("no", null);
			}
			throw new UnknownOutcomeException("no answer", null);
		});
		for (CompletableFuture<Publication> answer : answers) {
			boolean tried = answers.indexOf(answer) < 2;
			assertThat(answer).failsWithin(Duration.ofSeconds(20))
				.withThrowableThat()
				.havingCause()
				.matches((ex) -> ex instanceof UnknownOutcomeException == tried)
				.isInstanceOf(EventStoreException.class);
		}
	}

	@Test
	void aLostAnswerIsFoundOutAboutBySayingItAgain() throws Exception {
		AtomicInteger appends = new AtomicInteger();
		List<CompletableFuture<Publication>> answers = publishOneBatch((call) -> {
			Object stored = call.call();
			if (appends.incrementAndGet() == 1) {
				throw new UnknownOutcomeException("no answer", null);
			}
			return stored;
		});
		for (CompletableFuture<Publication> answer : answers) {
			assertThat(answer).succeedsWithin(Duration.ofSeconds(20))
				.matches((publication) -> publication.outcome() == Publication.Outcome.DUPLICATE);
		}
		assertThat(this.bus.query().list(10)).hasSize(5);
	}

	/** The first event holds the writer until four others are in the buffer. */
	private List<CompletableFuture<Publication>> publishOneBatch(Append append) throws Exception {
		CountDownLatch first = new CountDownLatch(1);
		CountDownLatch rest = new CountDownLatch(1);
		this.store.hook = (method, args, call) -> {
			if (!method.equals("EventLog.append")) {
				return call.call();
			}
			if (first.getCount() > 0) {
				first.countDown();
				rest.await();
				return call.call();
			}
			return append.append(call::call);
		};
		CompletableFuture<Publication> holding = this.bus.publishAsync(Event.of("a", 0));
		first.await();
		List<CompletableFuture<Publication>> answers = new ArrayList<>();
		for (int i = 1; i <= 4; i++) {
			answers.add(this.bus.publishAsync(Event.of("a", i)));
		}
		rest.countDown();
		assertThat(holding).succeedsWithin(Duration.ofSeconds(20));
		return answers;
	}

	/**
	 * What the store does with a batch.
	 */
	private interface Append {

		Object append(Callable<Object> call) throws Throwable;

	}

	@Test
	void aCallbackMayPublishAndWait() {
		CompletableFuture<Publication> inner = new CompletableFuture<>();
		this.bus.publishAsync(Event.of("a", 1)).thenAccept((publication) -> {
			CompletableFuture<Publication> next = this.bus.publishAsync(Event.of("a", 2));
			inner.complete(next.join());
		});
		assertThat(inner).succeedsWithin(Duration.ofSeconds(20)).matches(Publication::isStored);
	}

	@Test
	void callbacksRunInTheOrderOfPublication() {
		Thread publisher = Thread.currentThread();
		List<Integer> order = new CopyOnWriteArrayList<>();
		List<CompletableFuture<Void>> callbacks = new ArrayList<>();
		List<Integer> expected = new ArrayList<>();
		for (int i = 0; i < 500; i++) {
			int number = i;
			expected.add(i);
			callbacks.add(this.bus.publishAsync(Event.of("a", i)).thenAccept((publication) -> {
				if (Thread.currentThread() != publisher) {
					order.add(number);
				}
			}));
		}
		callbacks.forEach((callback) -> assertThat(callback).succeedsWithin(Duration.ofSeconds(20)));
		// one whose future was complete already has run its callback at once
		assertThat(order).isSorted();
		assertThat(expected).containsAll(order);
	}

}
