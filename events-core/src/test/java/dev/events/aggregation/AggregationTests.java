package dev.events.aggregation;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.IntStream;

import dev.events.Aggregation;
import dev.events.AggregationStats;
import dev.events.DataSubject;
import dev.events.DeadLetters.Filter;
import dev.events.Encrypted;
import dev.events.Event;
import dev.events.InvalidSubscriptionException;
import dev.events.NonRetryableEventException;
import dev.events.RetryPolicy;
import dev.events.ShiftedClock;
import dev.events.StartPosition;
import dev.events.bus.DurableEventBus;
import dev.events.encryption.EncryptionSettings;
import dev.events.encryption.EventKey;
import dev.events.encryption.EventKeyProvider;
import dev.events.memory.MemoryEventStore;
import dev.events.store.ProcessRecord;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

/**
 * Aggregations on a bus.
 */
@Timeout(60)
class AggregationTests {

	private static final RetryPolicy FAST = new RetryPolicy(3, Duration.ofMillis(20), 1, Duration.ofMillis(20), 0);

	private final ShiftedClock clock = new ShiftedClock();

	private final MemoryEventStore store = new MemoryEventStore(this.clock);

	private final DurableEventBus bus = DurableEventBus.builder(this.store)
		.retry(FAST)
		.encryption(new EncryptionSettings(EventKeyProvider.of(List.of(new EventKey("k1", new byte[32])), "k1"),
				List.of(), Duration.ofMinutes(1)))
		.build();

	@AfterEach
	void close() {
		this.bus.close();
	}

	private AggregationStats stats() {
		return this.bus.aggregations().stats().get(0);
	}

	private static Aggregation.Builder<Object, Integer> count(String name) {
		return Aggregation.named(name)
			.on("n", "n.*")
			.tumbling(Duration.ofMinutes(10))
			.into(Integer.class, () -> 0, (count, event) -> {
				if (event.data().equals("bad")) {
					throw new NonRetryableEventException("bad");
				}
				return count + 1;
			});
	}

	@Test
	void badEventsBecomeDeadLettersAndTheOthersOfTheirBatchCountOnce() {
		// several keys of the log are one of the aggregation, and one batch
		this.bus.aggregations()
			.register(Aggregation.named("count")
				.on("n")
				.by((event) -> event.data().equals("bad") ? "bad" : "good")
				.tumbling(Duration.ofMinutes(10))
				.into(Integer.class, () -> 0, (count, event) -> {
					if (event.data().equals("bad")) {
						throw new NonRetryableEventException("bad");
					}
					return count + 1;
				})
				.maxEvents(60)
				.subscriber((options) -> options.partitions(1).startAt(StartPosition.BEGINNING))
				.publishAs("n.count", (count, window) -> count));
		this.bus.publishAll(IntStream.range(0, 63)
			.mapToObj((i) -> Event.of("n", (i % 21 == 7) ? "bad" : "good").withKey("k" + i))
			.toList());
		this.bus.start();
		await().until(() -> this.bus.deadLetters().count(Filter.all()) == 3);
		await().untilAsserted(
				() -> assertThat(this.bus.history("n.count", 10)).extracting(Event::data).containsExactly(60));
		await().until(() -> stats().events() == 60);
		await().until(() -> stats().duplicates() == 60);
	}

	@Test
	void twoOfTheSameNameAreRefused() {
		this.bus.aggregations().register(count("count").publishAs("n.count", (count, window) -> count));
		assertThatExceptionOfType(InvalidSubscriptionException.class).isThrownBy(
				() -> this.bus.aggregations().register(count("count").publishAs("n.count", (count, window) -> count)))
			.withMessageContaining("There is a subscription 'aggregation.count' on this node already");
		assertThat(stats().registered()).isTrue();
	}

	@Test
	void subscriptionMustBeDurable() {
		assertThatExceptionOfType(InvalidSubscriptionException.class)
			.isThrownBy(() -> this.bus.aggregations()
				.register(count("count").subscriber((options) -> options.broadcast())
					.publishAs("n.count", (count, window) -> count)))
			.withMessageContaining("Aggregation 'count' needs a durable subscription");
	}

	/**
	 * One transaction for all keys of a batch would wait for that of another batch, and
	 * that for this.
	 */
	@Test
	void subscriptionMustNotBeTransactional() {
		assertThatExceptionOfType(InvalidSubscriptionException.class)
			.isThrownBy(() -> this.bus.aggregations()
				.register(count("count").subscriber((options) -> options.transactional())
					.publishAs("n.count", (count, window) -> count)))
			.withMessageContaining("Aggregation 'count' commits each key by itself; leave out transactional");
	}

	@Test
	void whatIsGatheredIsEncryptedAndForgottenWithItsSubject() {
		List<String> results = new CopyOnWriteArrayList<>();
		this.bus.aggregations()
			.register(Aggregation.named("pages")
				.on("page")
				.tumbling(Duration.ofMinutes(2))
				.into(Pages.class, () -> new Pages("", ""),
						(pages, event) -> new Pages(String.valueOf(event.key()), pages.pages() + event.data()))
				.publishAs("pages", (pages, window) -> {
					results.add(pages.pages());
					return null;
				}));
		this.bus.start();
		this.bus.publish(Event.of("page", "/shoes").withKey("ada"));
		this.bus.publish(Event.of("page", "/hats").withKey("bob"));
		await().until(() -> stats().open() == 2);
		ProcessRecord stored = this.store.processes().find("aggregation.pages", "ada").orElseThrow();
		assertThat(stored.state().data()).contains("ada").doesNotContain("shoes");
		this.bus.dataSubjects().forget("ada");
		this.clock.advance(Duration.ofMinutes(3));
		await().until(() -> stats().erased() == 1);
		await().until(() -> stats().open() == 0);
		assertThat(results).containsExactly("/hats");
	}

	record Pages(@DataSubject String user, @Encrypted String pages) {

	}

	@Test
	void definitionsAreChecked() {
		assertInvalid(() -> Aggregation.named("a b"), "'a b' is not a valid name");
		assertInvalid(() -> Aggregation.named("a").on(), "at least one event type");
		assertInvalid(() -> Aggregation.named("a").on("a b"), "a b");
		assertInvalid(() -> Aggregation.named("a").on("a").tumbling(Duration.ZERO),
				"Aggregation 'a': the length of a window is PT0S; it must be from a millisecond to a year");
		assertInvalid(() -> Aggregation.named("a").on("a").debounce(Duration.ofSeconds(2), Duration.ofSeconds(1)),
				"the longest time is PT1S; it must not be shorter than the quiet time, PT2S");
		assertInvalid(() -> count("a").maxEvents(0), "maxEvents is 0");
		assertInvalid(() -> count("a").maxBytes(1 << 20), "maxBytes is 1048576");
		assertInvalid(() -> count("a").publishAs("a.*", (count, window) -> count), "'a.*' is a pattern");
		assertInvalid(() -> count("a").publishAs("", (count, window) -> count), "Aggregation 'a': ");
	}

	private static void assertInvalid(org.assertj.core.api.ThrowableAssert.ThrowingCallable definition,
			String message) {
		assertThatExceptionOfType(InvalidSubscriptionException.class).isThrownBy(definition)
			.withMessageContaining(message);
	}

}
