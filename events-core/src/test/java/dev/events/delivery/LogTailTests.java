package dev.events.delivery;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.LongStream;

import dev.events.store.EventCriteria;
import dev.events.store.EventLog;
import dev.events.store.EventRecord;
import dev.events.store.LogSegment;
import dev.events.store.StoredEvent;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

@Timeout(60)
class LogTailTests {

	private final HoledLog log = new HoledLog();

	private final List<Long> routed = new CopyOnWriteArrayList<>();

	private final LogTail tail = new LogTail(this.log, new DeliverySettings(4, Duration.ofSeconds(10),
			Duration.ofMinutes(10), Duration.ofMillis(100), 100, 100, Duration.ofSeconds(5), Duration.ZERO),
			new Workers());

	private final List<String> told = new CopyOnWriteArrayList<>();

	private volatile boolean workers = true;

	private final AtomicInteger asked = new AtomicInteger();

	private final AtomicBoolean publishing = new AtomicBoolean(true);

	@AfterEach
	void stop() {
		this.publishing.set(false);
		this.tail.stop(Duration.ofSeconds(5));
	}

	/** As if every moment somebody on this node committed. */
	private void wakeAgainAndAgain() {
		Thread thread = new Thread(() -> {
			while (this.publishing.get()) {
				this.tail.wake();
				Thread.onSpinWait();
			}
		});
		thread.setDaemon(true);
		thread.start();
	}

	private void startBusy() {
		this.tail.start();
		wakeAgainAndAgain();
		await().until(() -> this.log.quick.get() > 0);
	}

	@Test
	void aHoleIsLookedAtAtOnceWhenLittleIsPublished() {
		this.tail.start();
		await().until(() -> this.log.thorough.get() > 0);
		this.log.dead.add(3L);
		this.log.add(1, 2, 4, 5);
		this.tail.wake();
		await().untilAsserted(() -> assertThat(this.routed).containsExactly(1L, 2L, 4L, 5L));
		assertThat(this.log.quick).hasValue(0);
	}

	@Test
	void aHoleIsGivenTimeToBeFilledWhenMuchIsPublished() {
		startBusy();
		this.log.add(1, 2, 4, 5);
		await().until(() -> this.routed.size() == 2);
		this.log.add(3);
		await().untilAsserted(() -> assertThat(this.routed).containsExactly(1L, 2L, 3L, 4L, 5L));
	}

	@Test
	void anEmptyHoleIsPassedAlthoughMuchIsPublished() {
		startBusy();
		this.log.dead.add(3L);
		this.log.add(1, 2, 4, 5);
		await().untilAsserted(() -> assertThat(this.routed).containsExactly(1L, 2L, 4L, 5L));
	}

	@Test
	void manyEventsAreReadPageByPageWhenMuchIsPublished() {
		startBusy();
		this.log.add(LongStream.rangeClosed(1, 1_000).toArray());
		await().until(() -> this.routed.size() == 1_000);
		assertThat(this.routed).isSorted();
	}

	@Test
	void nothingIsReadWhileThereAreNoWorkers() {
		this.workers = false;
		startWithoutWaiting();
		this.log.add(1, 2);
		await().until(() -> this.asked.get() > 10);
		assertThat(this.log.quick).hasValue(0);
		assertThat(this.log.thorough).hasValue(0);
		assertThat(this.routed).isEmpty();
	}

	@Test
	void goesOnAtTheHeadWhenThereAreWorkersAgainAndTellsThemBeforeAnyCursorMayPass() {
		this.workers = false;
		startWithoutWaiting();
		this.log.add(1, 2);
		await().until(() -> this.asked.get() > 10);
		this.log.head = 2;
		this.workers = true;
		await().until(() -> this.tail.routed() == 2);
		// the position that was routed to all when they were told
		assertThat(this.told).containsExactly("missed 2 at 0");
		assertThat(this.routed).isEmpty();
		this.log.add(3);
		await().untilAsserted(() -> assertThat(this.routed).containsExactly(3L));
	}

	private void startWithoutWaiting() {
		this.tail.start();
		wakeAgainAndAgain();
	}

	private final class Workers implements LogTail.Router {

		@Override
		public void route(List<LogEntry> entries) {
			entries.forEach((entry) -> LogTailTests.this.routed.add(entry.position()));
		}

		@Override
		public boolean hasWorkers() {
			LogTailTests.this.asked.incrementAndGet();
			return LogTailTests.this.workers;
		}

		@Override
		public void missed(long last) {
			LogTailTests.this.told.add("missed " + last + " at " + LogTailTests.this.tail.routed());
		}

	}

	/**
	 * A log that knows which positions will never be filled, if it is asked to find out.
	 */
	private static final class HoledLog implements EventLog {

		private final ConcurrentSkipListSet<Long> positions = new ConcurrentSkipListSet<>();

		private final Set<Long> dead = ConcurrentHashMap.newKeySet();

		private final AtomicInteger thorough = new AtomicInteger();

		private volatile long head;

		private final AtomicInteger quick = new AtomicInteger();

		void add(long... positions) {
			for (long position : positions) {
				this.positions.add(position);
			}
		}

		@Override
		public LogSegment follow(long after, int limit) {
			this.thorough.incrementAndGet();
			return segment(after, limit, true);
		}

		@Override
		public LogSegment followQuickly(long after, int limit) {
			this.quick.incrementAndGet();
			return segment(after, limit, false);
		}

		private LogSegment segment(long after, int limit, boolean knowing) {
			List<StoredEvent> events = new ArrayList<>();
			long settled = after;
			long last = this.positions.isEmpty() ? 0 : this.positions.last();
			while (settled < last && events.size() < limit) {
				long next = settled + 1;
				if (this.positions.contains(next)) {
					events.add(new StoredEvent(next, event()));
				}
				else if (!knowing || !this.dead.contains(next)) {
					break;
				}
				settled = next;
			}
			return new LogSegment(events, settled, settled < last);
		}

		private static EventRecord event() {
			UUID id = UUID.randomUUID();
			return new EventRecord(id, "a", "1.0.0", "test", null, null, null, id.toString(), null, Instant.EPOCH, "1",
					Map.of());
		}

		@Override
		public long head() {
			return this.head;
		}

		@Override
		public List<Long> append(List<EventRecord> events) {
			throw new UnsupportedOperationException();
		}

		@Override
		public List<StoredEvent> read(long after, long upTo, int limit) {
			throw new UnsupportedOperationException();
		}

		@Override
		public List<StoredEvent> readAll(Collection<Long> positions) {
			throw new UnsupportedOperationException();
		}

		@Override
		public Optional<StoredEvent> find(UUID id) {
			throw new UnsupportedOperationException();
		}

		@Override
		public int delete(Collection<Long> positions) {
			throw new UnsupportedOperationException();
		}

		@Override
		public List<StoredEvent> query(EventCriteria criteria, int limit) {
			throw new UnsupportedOperationException();
		}

	}

}
