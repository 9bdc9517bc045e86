package dev.events.delivery;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

import dev.events.EventStoreException;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

class RecentCountsTests {

	// the common ones are few, and for those who do not wait
	private static final Executor OWN_THREAD = (task) -> new Thread(task).start();

	private final AtomicLong now = new AtomicLong(-5);

	private final AtomicInteger counted = new AtomicInteger();

	private volatile Runnable counting = () -> {
	};

	private final RecentCounts<Integer> counts = new RecentCounts<>(() -> {
		this.counting.run();
		return this.counted.incrementAndGet();
	}, this.now::get);

	private void takes(Duration duration) {
		this.counting = () -> this.now.addAndGet(duration.toNanos());
	}

	private void passes(Duration duration) {
		this.now.addAndGet(duration.toNanos());
	}

	private int get() {
		return this.counts.get();
	}

	@Test
	void whatIsQuicklyCountedIsAlwaysCounted() {
		takes(Duration.ofMillis(9));
		assertThat(get()).isEqualTo(1);
		assertThat(get()).isEqualTo(2);
	}

	@Test
	void whatTookLongIsUsedAgainForAWhile() {
		takes(Duration.ofMillis(50));
		assertThat(get()).isEqualTo(1);
		passes(Duration.ofMillis(999));
		assertThat(get()).isEqualTo(1);
		passes(Duration.ofMillis(1));
		assertThat(get()).isEqualTo(2);
	}

	@Test
	void butNotForLong() {
		takes(Duration.ofMinutes(1));
		assertThat(get()).isEqualTo(1);
		passes(Duration.ofSeconds(5));
		assertThat(get()).isEqualTo(2);
	}

	@Test
	void errorsAreToldAndNotKept() {
		takes(Duration.ofMillis(50));
		get();
		passes(Duration.ofSeconds(5));
		this.counting = () -> {
			throw new EventStoreException("down", null);
		};
		assertThatExceptionOfType(EventStoreException.class).isThrownBy(this::get);
		this.counting = () -> {
		};
		assertThat(get()).isEqualTo(2);
	}

	@Test
	void onlyOneCounts() throws Exception {
		takes(Duration.ofMillis(50));
		get();
		passes(Duration.ofSeconds(5));
		CountDownLatch begun = new CountDownLatch(1);
		CountDownLatch go = new CountDownLatch(1);
		this.counting = () -> {
			begun.countDown();
			await(go);
		};
		CompletableFuture<Integer> other = CompletableFuture.supplyAsync(this::get, OWN_THREAD);
		await(begun);
		assertThat(get()).isEqualTo(1);
		go.countDown();
		assertThat(other.get(10, TimeUnit.SECONDS)).isEqualTo(2);
	}

	private static void await(CountDownLatch latch) {
		try {
			assertThat(latch.await(10, TimeUnit.SECONDS)).isTrue();
		}
		catch (InterruptedException ex) {
			throw new IllegalStateException(ex);
		}
	}

}
