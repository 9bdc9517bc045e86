package dev.events.delivery;

import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.LongStream;

import dev.events.EventStoreException;
import dev.events.store.EventRecord;
import dev.events.store.StoredEvent;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

/**
 * Pages of a log with an event at each position up to 100, ten of them in a page.
 */
@Timeout(30)
class LogPagesTests {

	private static final long HEAD = 100;

	private final Queue<Long> reads = new ConcurrentLinkedQueue<>();

	private final Queue<Runnable> ahead = new ArrayDeque<>();

	private final LogPages pages = new LogPages(this::read, 10, this.ahead::add);

	private volatile boolean broken;

	private List<StoredEvent> read(long after, long upTo, int limit) {
		this.reads.add(after);
		if (this.broken) {
			throw new EventStoreException("broken", null);
		}
		return LongStream.rangeClosed(after + 1, Math.min(upTo, HEAD))
			.limit(limit)
			.mapToObj((position) -> new StoredEvent(position, event()))
			.toList();
	}

	private static EventRecord event() {
		UUID id = UUID.randomUUID();
		return new EventRecord(id, "a", "1.0.0", "test", null, null, null, id.toString(), null, Instant.EPOCH, "1",
				Map.of());
	}

	private static List<Long> positions(LogSlice slice) {
		return slice.entries().stream().map(LogEntry::position).toList();
	}

	@Test
	void theNextPageIsReadWhileOneIsHandled() throws Exception {
		List<Long> seen = new ArrayList<>(positions(this.pages.after(0, HEAD)));
		assertThat(this.reads).containsExactly(0L);
		for (long position = 10; position < HEAD; position += 10) {
			assertThat(this.ahead).hasSize(1);
			this.ahead.remove().run();
			assertThat(this.reads).hasSize((int) position / 10 + 1).endsWith(position);
			seen.addAll(positions(this.pages.after(position, HEAD)));
			// of a page that is asked for again, what comes next is not read again
			this.pages.after(position + 5, HEAD);
		}
		assertThat(seen).containsExactlyElementsOf(LongStream.rangeClosed(1, HEAD).boxed().toList());
		assertThat(this.reads).hasSize(10);
		assertThat(this.ahead).isEmpty();
	}

	@Test
	void nothingIsReadBeyondWhatIsSettled() throws Exception {
		assertThat(positions(this.pages.after(0, 10))).hasSize(10);
		assertThat(this.ahead).isEmpty();
		assertThat(positions(this.pages.after(10, 15))).hasSize(5);
		assertThat(this.ahead).isEmpty();
		assertThat(positions(this.pages.after(15, 28))).hasSize(10);
		this.ahead.remove().run();
		assertThat(this.pages.after(25, 40).upTo()).isEqualTo(28);
		assertThat(positions(this.pages.after(25, 40))).containsExactly(26L, 27L, 28L);
		assertThat(this.reads).containsExactly(0L, 10L, 15L, 25L);
	}

	@Test
	void whoComesWhileItIsReadAheadWaitsForIt() throws Exception {
		CountDownLatch entered = new CountDownLatch(1);
		CountDownLatch go = new CountDownLatch(1);
		LogPages slow = new LogPages((after, upTo, limit) -> {
			if (after == 10) {
				entered.countDown();
				awaitLatch(go);
			}
			return read(after, upTo, limit);
		}, 10, this.ahead::add);
		slow.after(0, HEAD);
		Thread reading = new Thread(this.ahead.remove());
		reading.start();
		awaitLatch(entered);
		CompletableFuture<List<Long>> page = new CompletableFuture<>();
		Thread worker = new Thread(() -> {
			try {
				page.complete(positions(slow.after(10, HEAD)));
			}
			catch (InterruptedException ex) {
				page.completeExceptionally(ex);
			}
		});
		worker.start();
		await().until(() -> worker.getState() == Thread.State.WAITING);
		go.countDown();
		assertThat(page.get()).hasSize(10).startsWith(11L);
		assertThat(this.reads).containsExactly(0L, 10L);
	}

	private static void awaitLatch(CountDownLatch latch) {
		try {
			assertThat(latch.await(20, TimeUnit.SECONDS)).isTrue();
		}
		catch (InterruptedException ex) {
			throw new IllegalStateException(ex);
		}
	}

	@Test
	void whatCannotBeReadAheadIsReadByWhoNeedsIt() throws Exception {
		this.pages.after(0, HEAD);
		this.broken = true;
		this.ahead.remove().run();
		assertThat(positions(this.pages.after(3, HEAD))).startsWith(4L).hasSize(7);
		assertThatExceptionOfType(EventStoreException.class).isThrownBy(() -> this.pages.after(10, HEAD));
		this.broken = false;
		// a failure lets pages become smaller
		assertThat(positions(this.pages.after(10, HEAD))).startsWith(11L);
		assertThat(this.reads).containsExactly(0L, 10L, 10L, 10L);
	}

}
