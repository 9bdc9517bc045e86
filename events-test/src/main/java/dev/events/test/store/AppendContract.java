package dev.events.test.store;

import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;

import dev.events.store.EventCriteria;
import dev.events.store.EventLog;
import dev.events.store.EventRecord;
import dev.events.store.StoredEvent;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Appending to the log.
 */
abstract class AppendContract extends StoreContract {

	@Test
	void positionsGrowInTheGivenOrder() {
		List<StoredEvent> events = appended(EventRecords.events(20));
		assertThat(events).extracting(StoredEvent::position).isSorted().doesNotHaveDuplicates();
		assertThat(this.store.log().follow(0, 100).events()).containsExactlyElementsOf(events);
	}

	@Test
	void laterAppendsComeLater() {
		StoredEvent first = appended(EventRecords.event("a", null));
		StoredEvent second = appended(EventRecords.event("a", null));
		assertThat(second.position()).isGreaterThan(first.position());
		assertThat(this.store.log().follow(0, 100).events()).containsExactly(first, second);
	}

	@Test
	void emptyListAppendsNothing() {
		assertThat(this.store.log().append(List.of())).isEmpty();
		StoredEvent event = appended(EventRecords.event("a", null));
		assertThat(this.store.log().append(List.of())).isEmpty();
		assertThat(this.store.log().head()).isEqualTo(event.position());
	}

	@Test
	void idThatIsInTheLogIsLeftOut() {
		StoredEvent first = appended(EventRecords.event("a", null));
		EventRecord sameId = EventRecords.event("b").id(first.event().id()).build();
		assertThat(this.store.log().append(List.of(sameId))).containsExactly(EventLog.DUPLICATE);
		assertThat(this.store.log().find(first.event().id())).contains(first);
		assertThat(this.store.log().query(EventCriteria.ALL, 10)).containsExactly(first);
	}

	@Test
	void idThatIsEarlierInTheListIsLeftOut() {
		EventRecord first = EventRecords.event("a", null);
		EventRecord sameId = EventRecords.event("b").id(first.id()).build();
		List<Long> positions = this.store.log().append(List.of(first, sameId));
		assertThat(positions).hasSize(2);
		assertThat(positions.get(0)).isPositive();
		assertThat(positions.get(1)).isEqualTo(EventLog.DUPLICATE);
		assertThat(this.store.log().query(EventCriteria.ALL, 10))
			.containsExactly(new StoredEvent(positions.get(0), first));
	}

	@Test
	void restOfTheListIsAppendedAroundDuplicates() {
		StoredEvent known = appended(EventRecords.event("a", null));
		EventRecord before = EventRecords.event("a", null);
		EventRecord after = EventRecords.event("a", null);
		List<Long> positions = this.store.log().append(List.of(before, known.event(), after, before));
		assertThat(positions).hasSize(4);
		assertThat(positions.get(1)).isEqualTo(EventLog.DUPLICATE);
		assertThat(positions.get(3)).isEqualTo(EventLog.DUPLICATE);
		assertThat(this.store.log().follow(known.position(), 10).events())
			.containsExactly(new StoredEvent(positions.get(0), before), new StoredEvent(positions.get(2), after));
	}

	@Test
	void largeBatchIsAppendedAsAWhole() {
		List<StoredEvent> events = appended(EventRecords.events(2_500));
		assertThat(events).extracting(StoredEvent::position).isSorted().doesNotHaveDuplicates();
		assertThat(this.store.log().follow(0, 3_000).events()).containsExactlyElementsOf(events);
	}

	@Test
	void batchIsSeenAsAWhole() throws Exception {
		int batches = 10;
		int size = 50;
		AtomicInteger writers = new AtomicInteger(Threads.COUNT / 2);
		List<Integer> parts = Threads.onEach((thread) -> {
			if (thread % 2 == 0) {
				try {
					for (int batch = 0; batch < batches; batch++) {
						appended(EventRecords.events(size));
					}
				}
				finally {
					writers.decrementAndGet();
				}
			}
			int part = 0;
			while (part == 0 && writers.get() > 0) {
				part = this.store.log().query(EventCriteria.ALL, 10_000).size() % size;
			}
			return part;
		});
		assertThat(parts).containsOnly(0);
		assertThat(this.store.log().query(EventCriteria.ALL, 10_000)).hasSize(Threads.COUNT / 2 * batches * size);
	}

	@Test
	void sameIdFromManyThreadsIsStoredOnce() throws Exception {
		UUID id = EventRecords.nextId();
		List<Long> positions = Threads
			.onEach((thread) -> this.store.log().append(List.of(EventRecords.event("a").id(id).build())).get(0));
		assertThat(positions).filteredOn((position) -> position == EventLog.DUPLICATE).hasSize(Threads.COUNT - 1);
		assertThat(positions).filteredOn((position) -> position > 0).hasSize(1);
		assertThat(this.store.log().query(EventCriteria.ALL, 10)).hasSize(1);
	}

	@Test
	void batchesOfManyThreadsStayInOrder() throws Exception {
		int batches = 20;
		List<List<EventRecord>> written;
		try (Threads threads = new Threads()) {
			List<Future<List<EventRecord>>> futures = threads.start((thread) -> {
				List<EventRecord> mine = new ArrayList<>();
				for (int batch = 0; batch < batches; batch++) {
					List<StoredEvent> stored = appended(EventRecords.events(3));
					assertThat(stored).extracting(StoredEvent::position).isSorted();
					stored.forEach((event) -> mine.add(event.event()));
				}
				return mine;
			});
			written = Threads.results(futures);
		}
		List<EventRecord> log = this.store.log()
			.query(EventCriteria.ALL, 10_000)
			.stream()
			.map(StoredEvent::event)
			.toList();
		assertThat(log).hasSize(Threads.COUNT * batches * 3).doesNotHaveDuplicates();
		assertThat(written).allSatisfy((mine) -> assertThat(log).containsSubsequence(mine));
	}

}
