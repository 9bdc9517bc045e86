package dev.events.test.request;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;

import dev.events.Event;
import dev.events.EventKey;
import dev.events.EventStats;
import dev.events.EventType;
import dev.events.NonRetryableEventException;
import dev.events.RequestFailedException;
import dev.events.RequestTimeoutException;
import dev.events.Subscriber;
import dev.events.bus.DurableEventBus;
import dev.events.delivery.DeliverySettings;
import dev.events.store.EventStore;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

/**
 * Requests between two nodes over one store: one asks and the other answers. The log is
 * polled once a second; what comes sooner is what nodes tell each other.
 */
@Timeout(120)
public abstract class RequestScenarios {

	private static final Logger logger = LoggerFactory.getLogger(RequestScenarios.class);

	private static final Duration SOON = Duration.ofSeconds(30);

	private static final DeliverySettings DELIVERY = new DeliverySettings(4, Duration.ofSeconds(3),
			Duration.ofSeconds(1), Duration.ofMillis(100), 500, 1000, Duration.ofSeconds(5), Duration.ZERO);

	private final List<DurableEventBus> buses = new ArrayList<>();

	private DurableEventBus asking;

	private DurableEventBus answering;

	/** The store as one more node uses it; empty for the first one of a test. */
	protected abstract EventStore openStore();

	/** Closes what was opened; called when the nodes are closed. */
	protected abstract void closeStores();

	@BeforeEach
	void startNodes() {
		this.answering = start("answering");
		this.asking = start("asking");
	}

	private DurableEventBus start(String id) {
		DurableEventBus bus = DurableEventBus.builder(openStore()).nodeId(id).delivery(DELIVERY).build();
		this.buses.add(bus);
		bus.start();
		return bus;
	}

	@AfterEach
	void stopNodes() {
		this.buses.forEach(DurableEventBus::close);
		closeStores();
	}

	@Test
	void theAnswerComesSoonFromAnotherNode() {
		this.answering.subscribe(Subscriber.to(Asked.class)
			.id("answers")
			.function((event, delivery) -> new Answered(event.data().question() + "!")));
		long[] measured = new long[200];
		for (int i = 0; i < measured.length; i++) {
			long start = System.nanoTime();
			Event<Answered> answer = this.asking.request(new Asked("q" + i), Answered.class, SOON).join();
			measured[i] = System.nanoTime() - start;
			assertThat(answer.data().answer()).isEqualTo("q" + i + "!");
		}
		Arrays.sort(measured);
		logger.info("Asked and answered by another node, of {}: p50 {} µs, p99 {} µs, longest {} µs", measured.length,
				measured[100] / 1000, measured[197] / 1000, measured[199] / 1000);
		// by polling alone it would be a second, for two ways of half a second
		assertThat(Duration.ofNanos(measured[100])).isLessThan(Duration.ofMillis(500));
		assertThat(this.asking.stats().requests()).isEqualTo(new EventStats.Requests(200, 200, 0, 0, 0, 0, 0, 0));
	}

	@Test
	void manyRequestsAtATimeEachGetTheirOwnAnswer() {
		for (DurableEventBus bus : this.buses) {
			bus.subscribe(Subscriber.to(Asked.class)
				.id("answers")
				.function((event, delivery) -> new Answered(event.data().question())));
		}
		List<CompletableFuture<Event<Answered>>> futures = new ArrayList<>();
		for (int i = 0; i < 500; i++) {
			futures.add(this.buses.get(i % 2).request(new Asked("q" + i), Answered.class, SOON));
		}
		for (int i = 0; i < futures.size(); i++) {
			assertThat(futures.get(i).join().data().answer()).isEqualTo("q" + i);
		}
	}

	@Test
	void answersOfTwoNodesAreCollected() {
		for (DurableEventBus bus : this.buses) {
			bus.subscribe(Subscriber.to("roll.call")
				.id("present")
				.broadcast()
				.function((event, delivery) -> Event.of("present", bus == this.asking ? "asking" : "answering")));
		}
		assertThat(this.asking.request(Event.of("roll.call", 1)).within(SOON).all(2).join()).extracting(Event::data)
			.containsExactlyInAnyOrder("asking", "answering");
	}

	@Test
	void whoAsksHearsThatTheOtherNodeHasGivenUp() {
		this.answering.subscribe(Subscriber.to("ask").id("answers").function((event, delivery) -> {
			throw new NonRetryableEventException("no");
		}));
		CompletableFuture<Event<Object>> future = this.asking.request(Event.of("ask", 1), SOON);
		assertThatExceptionOfType(java.util.concurrent.CompletionException.class).isThrownBy(future::join)
			.havingCause()
			.isExactlyInstanceOf(RequestFailedException.class)
			.withMessageContaining("subscription 'answers' gave it up after 1 attempts");
	}

	@Test
	void anAnswerThatIsLateIsCounted() {
		CountDownLatch over = new CountDownLatch(1);
		this.answering.subscribe(Subscriber.to("ask").id("answers").function((event, delivery) -> {
			over.await();
			return Event.of("answer", 1);
		}));
		CompletableFuture<Event<Object>> future = this.asking.request(Event.of("ask", 1), Duration.ofMillis(300));
		assertThatExceptionOfType(java.util.concurrent.CompletionException.class).isThrownBy(future::join)
			.havingCause()
			.isExactlyInstanceOf(RequestTimeoutException.class);
		over.countDown();
		await().atMost(SOON).until(() -> this.asking.stats().requests().late() == 1);
		assertThat(this.asking.history("answer", 1)).hasSize(1);
	}

	@EventType("asked")
	record Asked(@EventKey String question) {

	}

	@EventType("answered")
	record Answered(String answer) {

	}

}
