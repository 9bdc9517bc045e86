package dev.events.test.store;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Future;

import dev.events.store.EventLog;
import dev.events.store.EventRecord;
import dev.events.store.LogSegment;
import dev.events.store.StoredEvent;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Following the log and reading what is settled.
 */
abstract class FollowContract extends StoreContract {

	/** How long a follower goes without news after the last append. */
	private static final Duration PATIENCE = Duration.ofSeconds(5);

	@Test
	void emptyLogThenFirstEvent() {
		assertThat(this.store.log().head()).isZero();
		assertThat(this.store.log().follow(0, 10).events()).isEmpty();
		StoredEvent event = appended(EventRecords.event("a", null));
		assertThat(this.store.log().follow(0, 10).events()).containsExactly(event);
	}

	@Test
	void headIsTheLastPosition() {
		List<StoredEvent> events = appended(EventRecords.events(5));
		assertThat(this.store.log().head()).isEqualTo(events.get(4).position());
		StoredEvent next = appended(EventRecords.event("a", null));
		assertThat(this.store.log().head()).isEqualTo(next.position());
	}

	@Test
	void followGivesWhatComesAfter() {
		List<StoredEvent> events = appended(EventRecords.events(10));
		LogSegment segment = this.store.log().follow(events.get(3).position(), 100);
		assertThat(segment.events()).containsExactlyElementsOf(events.subList(4, 10));
		assertThat(segment.settled()).isGreaterThanOrEqualTo(events.get(9).position());
		assertThat(segment.more()).isFalse();
	}

	@Test
	void followStopsAtTheLimit() {
		List<StoredEvent> events = appended(EventRecords.events(10));
		LogSegment segment = this.store.log().follow(0, 4);
		assertThat(segment.events()).containsExactlyElementsOf(events.subList(0, 4));
		assertThat(segment.settled()).isGreaterThanOrEqualTo(events.get(3).position())
			.isLessThan(events.get(4).position());
		assertThat(segment.more()).isTrue();
		LogSegment rest = this.store.log().follow(segment.settled(), 6);
		assertThat(rest.events()).containsExactlyElementsOf(events.subList(4, 10));
		assertThat(rest.more()).isFalse();
	}

	@Test
	void followAtTheHeadStaysThere() {
		long last = appended(EventRecords.events(3)).get(2).position();
		LogSegment segment = this.store.log().follow(last, 10);
		assertThat(segment.events()).isEmpty();
		assertThat(segment.settled()).isGreaterThanOrEqualTo(last);
		assertThat(segment.more()).isFalse();
		StoredEvent next = appended(EventRecords.event("a", null));
		assertThat(this.store.log().follow(segment.settled(), 10).events()).containsExactly(next);
	}

	@Test
	void readIsBoundedOnBothSides() {
		List<StoredEvent> events = appended(EventRecords.events(10));
		EventLog log = this.store.log();
		long third = events.get(2).position();
		long eighth = events.get(7).position();
		assertThat(log.read(third, eighth, 100)).containsExactlyElementsOf(events.subList(3, 8));
		assertThat(log.read(third, eighth, 2)).containsExactlyElementsOf(events.subList(3, 5));
		assertThat(log.read(0, eighth, 100)).containsExactlyElementsOf(events.subList(0, 8));
		assertThat(log.read(eighth, eighth, 100)).isEmpty();
	}

	@Test
	void readAllIsInOrderAndWithoutWhatIsMissing() {
		List<StoredEvent> events = appended(EventRecords.events(5));
		long last = events.get(4).position();
		assertThat(this.store.log()
			.readAll(List.of(last, 0L, events.get(1).position(), last + 1_000, events.get(3).position())))
			.containsExactly(events.get(1), events.get(3), events.get(4));
		assertThat(this.store.log().readAll(List.of())).isEmpty();
	}

	@Test
	void findById() {
		List<StoredEvent> events = appended(EventRecords.events(3));
		assertThat(this.store.log().find(events.get(1).event().id())).isEqualTo(Optional.of(events.get(1)));
		assertThat(this.store.log().find(EventRecords.nextId())).isEmpty();
	}

	@Test
	void followerMissesNothingWhileManyThreadsAppend() throws Exception {
		int appends = 40;
		List<StoredEvent> seen = new ArrayList<>();
		List<List<EventRecord>> written;
		try (Threads threads = new Threads()) {
			List<Future<List<EventRecord>>> writers = threads.start((thread) -> append(appends));
			long progressAt = System.nanoTime();
			long settled = 0;
			while (!complete(writers, seen.size()) && System.nanoTime() - progressAt < PATIENCE.toNanos()) {
				LogSegment segment = this.store.log().follow(settled, 7);
				assertThat(segment.settled()).isGreaterThanOrEqualTo(settled);
				settled = segment.settled();
				if (seen.addAll(segment.events()) || !writers.stream().allMatch(Future::isDone)) {
					progressAt = System.nanoTime();
				}
				assertThat(seen.isEmpty() || seen.get(seen.size() - 1).position() <= settled).isTrue();
			}
			written = Threads.results(writers);
		}
		assertThat(seen).extracting(StoredEvent::position).isSorted().doesNotHaveDuplicates();
		List<EventRecord> events = seen.stream().map(StoredEvent::event).toList();
		assertThat(events).containsExactlyInAnyOrderElementsOf(written.stream().flatMap(List::stream).toList());
		assertThat(written).hasSize(Threads.COUNT).allSatisfy((mine) -> assertThat(events).containsSubsequence(mine));
		assertThat(written).allSatisfy((mine) -> assertThat(mine).hasSizeGreaterThanOrEqualTo(appends));
	}

	private List<EventRecord> append(int times) {
		List<EventRecord> mine = new ArrayList<>();
		for (int i = 0; i < times; i++) {
			appended(EventRecords.events(1 + i % 3)).forEach((event) -> mine.add(event.event()));
		}
		return mine;
	}

	/** Whether all is written and read; throws what a writer has thrown. */
	private static boolean complete(List<Future<List<EventRecord>>> writers, int seen) throws Exception {
		return writers.stream().allMatch(Future::isDone)
				&& Threads.results(writers).stream().mapToInt(List::size).sum() <= seen;
	}

}
