package dev.events.test.store;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicBoolean;

import dev.events.store.EventCriteria;
import dev.events.store.EventRecord;
import dev.events.store.Released;
import dev.events.store.SchedulePlace;
import dev.events.store.ScheduledRecord;
import dev.events.store.StoredEvent;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Scheduled events.
 */
abstract class ScheduleContract extends StoreContract {

	private Instant in(Duration delay) {
		return this.store.now().plus(delay);
	}

	private void schedule(Instant dueAt, EventRecord... events) {
		assertThat(this.store.schedule().add(List.of(events), dueAt)).hasSize(events.length).containsOnly(true);
	}

	private Released release() {
		return this.store.schedule().release(1_000);
	}

	private List<EventRecord> log() {
		return this.store.log().follow(0, 10_000).events().stream().map(StoredEvent::event).toList();
	}

	private List<EventRecord> waiting() {
		return this.store.schedule().list(null, 10_000).stream().map(ScheduledRecord::event).toList();
	}

	private static EventRecord event(String type) {
		return EventRecords.event(type).key("k").build();
	}

	@Test
	void timePasses() {
		Instant before = this.store.now();
		schedule(before.plus(SHORT), event("a"));
		letShortTimePass();
		Instant now = release().now();
		assertThat(now).isAfterOrEqualTo(before).isBefore(before.plus(LONG));
		assertThat(log()).hasSize(1);
	}

	@Test
	void whatIsNotDueStays() {
		Instant due = in(LONG);
		EventRecord event = event("a");
		schedule(due, event);
		Released released = release();
		assertThat(released.types()).isEmpty();
		assertThat(released.next()).isEqualTo(due).isAfter(released.now());
		assertThat(waiting()).containsExactly(event);
		assertThat(log()).isEmpty();
	}

	@Test
	void whatIsDueIsInTheLogAndNoLongerWaiting() {
		EventRecord first = EventRecords.event("a")
			.key("k")
			.organization("o")
			.source("s")
			.correlationId("c")
			.data("{\"n\": 1.10}")
			.metadata("m", "v")
			.timestamp(Instant.parse("2020-02-02T02:02:02.123456Z"))
			.build();
		EventRecord second = EventRecords.event("b", null);
		schedule(in(SHORT), first, second);
		letShortTimePass();
		Released released = release();
		assertThat(released.types()).containsExactlyInAnyOrder("a", "b");
		assertThat(released.next()).isNull();
		assertThat(log()).containsExactly(first, second);
		assertThat(waiting()).isEmpty();
		assertThat(this.store.schedule().find(first.id())).isEmpty();
		assertThat(this.store.log().find(first.id())).isPresent();
		assertThat(release().types()).isEmpty();
		assertThat(log()).hasSize(2);
	}

	@Test
	void orderIsByTimeThenByScheduling() {
		Instant now = this.store.now();
		EventRecord third = event("c");
		EventRecord first = event("a");
		EventRecord fourth = event("d");
		EventRecord second = event("b");
		schedule(now.minusSeconds(1), third);
		schedule(now.minusSeconds(2), first);
		schedule(now.minusSeconds(1), fourth);
		schedule(now.minusSeconds(2), second);
		assertThat(waiting()).containsExactly(first, second, third, fourth);
		assertThat(release().types()).hasSize(4);
		assertThat(log()).containsExactly(first, second, third, fourth);
	}

	@Test
	void releaseIsBoundedAndTellsWhetherThereIsMore() {
		EventRecord[] events = EventRecords.events(5).toArray(EventRecord[]::new);
		schedule(in(SHORT.negated()), events);
		Released released = this.store.schedule().release(2);
		assertThat(released.types()).hasSize(2);
		assertThat(released.next()).isBeforeOrEqualTo(released.now());
		assertThat(log()).containsExactly(events[0], events[1]);
		assertThat(waiting()).containsExactly(events[2], events[3], events[4]);
		release();
		assertThat(log()).containsExactly(events);
	}

	@Test
	void manyLargeEventsAreReleasedAtOnce() {
		String data = "\"" + "x".repeat(50_000) + "\"";
		List<EventRecord> events = new ArrayList<>();
		for (int i = 0; i < 300; i++) {
			events.add(EventRecords.event("a").data(data).build());
		}
		assertThat(this.store.schedule().add(events, in(SHORT.negated()))).containsOnly(true);
		assertThat(release().types()).hasSize(300);
		assertThat(log()).containsExactlyElementsOf(events);
	}

	@Test
	void idIsScheduledOnce() {
		EventRecord event = event("a");
		Instant due = in(LONG);
		schedule(due, event);
		EventRecord other = event("b");
		EventRecord sameId = EventRecords.event("c").id(event.id()).build();
		assertThat(this.store.schedule().add(List.of(sameId, other, other), in(SHORT))).containsExactly(false, true,
				false);
		assertThat(waiting()).containsExactly(other, event);
		assertThat(this.store.schedule().find(event.id()).orElseThrow().place().dueAt()).isEqualTo(due);
	}

	@Test
	void idThatIsInTheLogIsNotScheduled() {
		StoredEvent stored = appended(event("a"));
		EventRecord other = event("b");
		assertThat(this.store.schedule().add(List.of(stored.event(), other), in(LONG))).containsExactly(false, true);
		assertThat(waiting()).containsExactly(other);
	}

	@Test
	void idThatWasPublishedMeanwhileIsNotStoredAgain() {
		EventRecord event = event("a");
		EventRecord behind = event("b");
		schedule(in(SHORT), event, behind);
		StoredEvent published = appended(event);
		letShortTimePass();
		assertThat(release().types()).containsExactly("b");
		assertThat(log()).containsExactly(event, behind);
		assertThat(this.store.log().find(event.id())).contains(published);
		assertThat(waiting()).isEmpty();
	}

	@Test
	void cancelledEventIsGone() {
		EventRecord event = event("a");
		EventRecord kept = event("b");
		schedule(in(SHORT), event, kept);
		assertThat(this.store.schedule().cancel(event.id())).isTrue();
		assertThat(this.store.schedule().cancel(event.id())).isFalse();
		assertThat(this.store.schedule().cancel(UUID.randomUUID())).isFalse();
		assertThat(this.store.schedule().find(event.id())).isEmpty();
		letShortTimePass();
		assertThat(release().types()).containsExactly("b");
		assertThat(log()).containsExactly(kept);
		assertThat(this.store.schedule().cancel(kept.id())).isFalse();
		schedule(in(LONG), event);
		assertThat(waiting()).containsExactly(event);
	}

	@Test
	void findGivesWhatWasScheduled() {
		EventRecord event = event("a");
		Instant due = in(LONG);
		schedule(due, event);
		ScheduledRecord found = this.store.schedule().find(event.id()).orElseThrow();
		assertThat(found.event()).isEqualTo(event);
		assertThat(found.place().dueAt()).isEqualTo(due);
		assertThat(this.store.schedule().list(null, 1)).containsExactly(found);
	}

	@Test
	void farTimesArePossible() {
		EventRecord last = event("b");
		EventRecord first = event("a");
		Instant end = Instant.parse("9999-12-31T23:59:59.999999Z");
		schedule(end, last);
		schedule(Instant.parse("0001-01-01T00:00:00Z"), first);
		assertThat(waiting()).containsExactly(first, last);
		Released released = release();
		assertThat(released.types()).containsExactly("a");
		assertThat(released.next()).isEqualTo(end);
		assertThat(log()).containsExactly(first);
	}

	@Test
	void countIsHowManyAreWaiting() {
		assertThat(this.store.schedule().count()).isZero();
		schedule(in(LONG), EventRecords.events(3).toArray(EventRecord[]::new));
		schedule(in(SHORT.negated()), event("due"));
		assertThat(this.store.schedule().count()).isEqualTo(4);
		release();
		assertThat(this.store.schedule().count()).isEqualTo(3);
		assertThat(this.store.schedule().add(List.of(), in(LONG))).isEmpty();
		assertThat(this.store.schedule().count()).isEqualTo(3);
	}

	@Test
	void pagesMeetWithoutGap() {
		Instant now = this.store.now();
		for (int i = 0; i < 40; i++) {
			schedule(now.plus(LONG).plusMillis(i % 7), event("e"));
		}
		List<ScheduledRecord> all = new ArrayList<>();
		SchedulePlace after = null;
		List<ScheduledRecord> page;
		do {
			page = this.store.schedule().list(after, 7);
			all.addAll(page);
			after = page.isEmpty() ? null : page.get(page.size() - 1).place();
		}
		while (!page.isEmpty());
		assertThat(all).hasSize(40).doesNotHaveDuplicates();
		assertThat(all).extracting(ScheduledRecord::place).isSorted();
		assertThat(all).containsExactlyElementsOf(this.store.schedule().list(null, 100));
	}

	@Test
	void sameIdFromManyThreadsIsScheduledOnce() throws Exception {
		EventRecord event = event("a");
		Instant due = in(LONG);
		List<Boolean> added = Threads.onEach((thread) -> this.store.schedule().add(List.of(event), due).get(0));
		assertThat(added).filteredOn((isNew) -> isNew).hasSize(1);
		assertThat(waiting()).containsExactly(event);
	}

	/** While events are scheduled, cancelled and released by many at once. */
	@Test
	void eachEventIsReleasedOrCancelledOnceAndInOrder() throws Exception {
		int count = 60;
		Instant due = in(Duration.ofSeconds(-5));
		List<EventRecord> cancelled = Collections.synchronizedList(new ArrayList<>());
		List<List<EventRecord>> scheduled = Threads.onEach((thread) -> {
			List<EventRecord> mine = new ArrayList<>();
			for (int i = 0; i < count; i++) {
				EventRecord event = EventRecords.event("e").key("k" + thread).build();
				schedule(due.plusMillis(i), event);
				mine.add(event);
				this.store.schedule().release(3 + thread);
				if (i % 5 == 0 && this.store.schedule().cancel(event.id())) {
					cancelled.add(event);
				}
			}
			return mine;
		});
		AtomicBoolean more = new AtomicBoolean(true);
		while (more.get()) {
			more.set(release().next() != null);
		}
		List<EventRecord> log = this.store.log()
			.query(EventCriteria.ALL, 10_000)
			.stream()
			.map(StoredEvent::event)
			.toList();
		for (List<EventRecord> mine : scheduled) {
			List<EventRecord> expected = new ArrayList<>(mine);
			expected.removeAll(cancelled);
			assertThat(log).filteredOn((event) -> Objects.equals(mine.get(0).key(), event.key()))
				.containsExactlyElementsOf(expected);
		}
		assertThat(log).hasSize(Threads.COUNT * count - cancelled.size());
	}

}
