package dev.events.redis;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;

import dev.events.EventStoreException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

/**
 * Everybody gets the outcome of what is theirs, however calls are shared.
 */
@Timeout(60)
class SharedAppendsTests {

	private static final int THREADS = 16;

	private final AtomicInteger calls = new AtomicInteger();

	private static byte[] event(int number) {
		return ByteBuffer.allocate(4).putInt(number).array();
	}

	/** As if the position of each were its number. */
	private List<Long> numbers(List<byte[]> events) {
		this.calls.incrementAndGet();
		return events.stream().map((event) -> (long) ByteBuffer.wrap(event).getInt()).toList();
	}

	private static void onEach(int threads, Work work) throws Exception {
		ExecutorService executor = Executors.newFixedThreadPool(threads);
		try {
			List<Future<?>> futures = new ArrayList<>();
			for (int i = 0; i < threads; i++) {
				int thread = i;
				futures.add(executor.submit(() -> {
					work.on(thread);
					return null;
				}));
			}
			for (Future<?> future : futures) {
				future.get(30, TimeUnit.SECONDS);
			}
		}
		finally {
			executor.shutdownNow();
		}
	}

	@Test
	void everyThreadGetsThePositionsOfItsEvents() throws Exception {
		SharedAppends appends = new SharedAppends(this::numbers);
		onEach(THREADS, (thread) -> {
			for (int i = 0; i < 2_000; i++) {
				int first = thread * 100_000 + i * 3;
				List<byte[]> events = IntStream.range(first, first + 1 + i % 3)
					.mapToObj(SharedAppendsTests::event)
					.toList();
				assertThat(appends.append(events)).hasSize(events.size()).startsWith((long) first);
			}
		});
	}

	@Test
	void whoComesWhileCallsAreUnderWaySharesTheNext() throws Exception {
		CountDownLatch waiting = new CountDownLatch(1);
		AtomicInteger came = new AtomicInteger();
		SharedAppends appends = new SharedAppends((events) -> {
			List<Long> numbers = numbers(events);
			awaitUninterrupted(waiting);
			return numbers;
		});
		CompletableFuture<Void> all = CompletableFuture.runAsync(() -> {
			try {
				onEach(THREADS, (thread) -> {
					came.incrementAndGet();
					assertThat(appends.append(List.of(event(thread)))).containsExactly((long) thread);
				});
			}
			catch (Exception ex) {
				throw new IllegalStateException(ex);
			}
		});
		await().until(() -> came.get() == THREADS && this.calls.get() == 2);
		waiting.countDown();
		all.get(30, TimeUnit.SECONDS);
		assertThat(this.calls.get()).isLessThan(THREADS);
	}

	@Test
	void aFailureIsThatOfEverybodyWhoSharedTheCallAndOfNobodyElse() throws Exception {
		AtomicInteger failed = new AtomicInteger();
		AtomicInteger told = new AtomicInteger();
		SharedAppends appends = new SharedAppends((events) -> {
			if (this.calls.incrementAndGet() % 3 == 0) {
				failed.addAndGet(events.size());
				throw new EventStoreException("no", null);
			}
			return numbers(events);
		});
		onEach(THREADS, (thread) -> {
			for (int i = 0; i < 1_000; i++) {
				try {
					assertThat(appends.append(List.of(event(i)))).containsExactly((long) i);
				}
				catch (EventStoreException ex) {
					assertThat(ex).hasMessage("no");
					told.incrementAndGet();
				}
			}
		});
		assertThat(told.get()).isPositive().isEqualTo(failed.get());
	}

	@Test
	void anInterruptedThreadStaysSoAndHasItsOutcome() throws Exception {
		SharedAppends appends = new SharedAppends(this::numbers);
		onEach(THREADS, (thread) -> {
			for (int i = 0; i < 1_000; i++) {
				Thread.currentThread().interrupt();
				assertThat(appends.append(List.of(event(i)))).containsExactly((long) i);
				assertThat(Thread.interrupted()).isTrue();
			}
		});
		assertThatThrownBy(() -> new SharedAppends((events) -> {
			throw new IllegalStateException("why");
		}).append(List.of(event(1)))).isInstanceOf(EventStoreException.class).hasMessage("why");
	}

	private static void awaitUninterrupted(CountDownLatch latch) {
		try {
			latch.await();
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
	}

	private interface Work {

		void on(int thread) throws Exception;

	}

}
