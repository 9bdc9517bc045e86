package dev.events.test.store;

import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.stream.IntStream;

import dev.events.store.EventLog;
import dev.events.store.EventRecord;
import dev.events.store.ProcessChange;
import dev.events.store.ProcessCount;
import dev.events.store.ProcessRecord;
import dev.events.store.ProcessState;
import dev.events.store.Processes;
import dev.events.store.StoredEvent;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

/**
 * States of processes: that they change together with the log, once, and how they are
 * found.
 */
abstract class ProcessesContract extends StoreContract {

	private static final String ORDER = "order";

	private static final long NOT_THERE = ProcessChange.NOT_THERE;

	private Processes processes() {
		return this.store.processes();
	}

	private static ProcessState state(String data) {
		return new ProcessState("RUNNING", data, null);
	}

	private Optional<List<Long>> commit(String key, long expected, @Nullable ProcessState state,
			EventRecord... events) {
		return processes().commit(new ProcessChange(ORDER, key, expected, state, List.of(events)));
	}

	private ProcessRecord created(String key, ProcessState state, EventRecord... events) {
		assertThat(commit(key, NOT_THERE, state, events)).isPresent();
		return found(key);
	}

	private ProcessRecord found(String key) {
		return processes().find(ORDER, key).orElseThrow(() -> new AssertionError("There is no process " + key));
	}

	private List<UUID> stored() {
		return this.store.log()
			.read(0, this.store.log().head(), 1000)
			.stream()
			.map((stored) -> stored.event().id())
			.toList();
	}

	private static List<String> keys(List<ProcessRecord> processes) {
		return processes.stream().map(ProcessRecord::key).toList();
	}

	@Test
	void newOneIsStoredAsGiven() {
		Instant due = this.store.now().plus(LONG);
		assertThat(processes().find(ORDER, "1")).isEmpty();
		assertThat(commit("1", NOT_THERE, new ProcessState("RUNNING", "{\"sum\" : 1.50, \"ä\":\"\uD83D\uDE00\"}", due)))
			.hasValue(List.of());
		ProcessRecord found = found("1");
		assertThat(found.process()).isEqualTo(ORDER);
		assertThat(found.key()).isEqualTo("1");
		assertThat(found.version()).isPositive();
		assertThat(found.state())
			.isEqualTo(new ProcessState("RUNNING", "{\"sum\" : 1.50, \"ä\":\"\uD83D\uDE00\"}", due));
		assertThat(found.changedAt()).isEqualTo(found.createdAt());
		assertThat(found.createdAt()).isCloseTo(this.store.now(), within(30, ChronoUnit.SECONDS));
		assertThat(processes().find(ORDER, "2")).isEmpty();
		assertThat(processes().find("other", "1")).isEmpty();
	}

	@Test
	void longestOneIsStored() {
		String name = "ü".repeat(ProcessChange.MAX_NAME);
		String key = "€".repeat(ProcessChange.MAX_NAME);
		ProcessState state = new ProcessState("s".repeat(ProcessState.MAX_STATUS), "x".repeat(ProcessState.MAX_DATA),
				Instant.parse("9999-12-31T23:59:59.999999Z"));
		assertThat(processes().commit(new ProcessChange(name, key, NOT_THERE, state, List.of()))).isPresent();
		assertThat(processes().find(name, key)).get().extracting(ProcessRecord::state).isEqualTo(state);
		assertThat(processes().list(name, state.status(), null, 10)).hasSize(1);
	}

	@Test
	void eventsAreAppendedWithIt() {
		EventRecord[] events = EventRecords.events(3).toArray(EventRecord[]::new);
		List<Long> positions = commit("1", NOT_THERE, state("{}"), events).orElseThrow();
		assertThat(positions).hasSize(3).isSorted();
		assertThat(this.store.log().readAll(positions)).extracting(StoredEvent::event).containsExactly(events);
		EventRecord single = EventRecords.event("test.happened", "key");
		List<Long> further = commit("1", found("1").version(), state("{}"), single).orElseThrow();
		assertThat(further).singleElement()
			.satisfies((position) -> assertThat(position).isGreaterThan(positions.get(2)));
		assertThat(this.store.log().find(single.id())).get().extracting(StoredEvent::event).isEqualTo(single);
	}

	@Test
	void eventThatIsThereIsLeftOut() {
		EventRecord known = EventRecords.event("test.happened", null);
		EventRecord fresh = EventRecords.event("test.happened", null);
		appended(known);
		List<Long> positions = commit("1", NOT_THERE, state("{}"), known, fresh).orElseThrow();
		assertThat(positions.get(0)).isEqualTo(EventLog.DUPLICATE);
		assertThat(positions.get(1)).isPositive();
		assertThat(commit("1", found("1").version(), state("[]"), known)).hasValue(List.of(EventLog.DUPLICATE));
		assertThat(found("1").state()).isEqualTo(state("[]"));
		assertThat(stored()).containsExactly(known.id(), fresh.id());
	}

	@Test
	void changeIsStored() {
		ProcessRecord first = created("1", new ProcessState("RUNNING", "{}", this.store.now().plus(LONG)));
		ProcessState ended = new ProcessState("ENDED", "{\"a\":1}", null);
		assertThat(commit("1", first.version(), ended)).isPresent();
		ProcessRecord second = found("1");
		assertThat(second.state()).isEqualTo(ended);
		assertThat(second.version()).isPositive().isNotEqualTo(first.version());
		assertThat(second.createdAt()).isEqualTo(first.createdAt());
		assertThat(second.changedAt()).isAfterOrEqualTo(first.changedAt());
	}

	@Test
	void oneThatIsThereIsNotCreatedAgain() {
		ProcessRecord first = created("1", state("first"));
		EventRecord event = EventRecords.event("test.happened", null);
		assertThat(commit("1", NOT_THERE, state("second"), event)).isEmpty();
		assertThat(found("1")).isEqualTo(first);
		assertThat(stored()).isEmpty();
	}

	@Test
	void changeOfAnotherVersionChangesNothing() {
		ProcessRecord first = created("1", state("first"));
		assertThat(commit("1", first.version(), state("second"))).isPresent();
		ProcessRecord second = found("1");
		EventRecord event = EventRecords.event("test.happened", null);
		assertThat(commit("1", first.version(), state("late"), event)).isEmpty();
		assertThat(commit("1", first.version(), null, event)).isEmpty();
		assertThat(commit("2", first.version(), state("unknown"), event)).isEmpty();
		assertThat(commit("2", first.version(), null, event)).isEmpty();
		assertThat(found("1")).isEqualTo(second);
		assertThat(processes().find(ORDER, "2")).isEmpty();
		assertThat(stored()).isEmpty();
	}

	@Test
	void deletedOneIsGone() {
		ProcessRecord first = created("1", new ProcessState("RUNNING", "{}", this.store.now().minus(LONG)));
		created("2", state("{}"));
		EventRecord event = EventRecords.event("test.happened", null);
		assertThat(commit("1", first.version(), null, event)).isPresent();
		assertThat(processes().find(ORDER, "1")).isEmpty();
		assertThat(processes().due(ORDER, 10)).isEmpty();
		assertThat(keys(processes().list(ORDER, null, null, 10))).containsExactly("2");
		assertThat(keys(processes().list(ORDER, "RUNNING", null, 10))).containsExactly("2");
		assertThat(stored()).containsExactly(event.id());
		assertThat(commit("1", first.version(), null)).isEmpty();
	}

	@Test
	void oneThatIsCreatedAgainIsAnotherOne() {
		ProcessRecord first = created("1", state("first"));
		assertThat(commit("1", first.version(), null)).isPresent();
		ProcessRecord again = created("1", state("again"));
		assertThat(again.version()).isNotEqualTo(first.version());
		assertThat(commit("1", first.version(), state("late"))).isEmpty();
		assertThat(found("1")).isEqualTo(again);
	}

	@Test
	void deletingWhatIsNotThereDoesNothingButAppend() {
		EventRecord event = EventRecords.event("test.happened", null);
		assertThat(commit("1", NOT_THERE, null, event)).isPresent();
		assertThat(processes().find(ORDER, "1")).isEmpty();
		assertThat(stored()).containsExactly(event.id());
	}

	@Test
	void createdByManyThreadsIsOne() throws Exception {
		List<EventRecord> events = EventRecords.events(Threads.COUNT);
		List<Boolean> done = Threads
			.onEach((thread) -> commit("1", NOT_THERE, state("of " + thread), events.get(thread)).isPresent());
		assertThat(done).containsOnlyOnce(true);
		int winner = done.indexOf(true);
		assertThat(found("1").state()).isEqualTo(state("of " + winner));
		assertThat(stored()).containsExactly(events.get(winner).id());
	}

	@Test
	void deletedByManyThreadsIsDeletedOnce() throws Exception {
		long version = created("1", state("{}")).version();
		List<EventRecord> events = EventRecords.events(Threads.COUNT);
		List<Boolean> done = Threads.onEach((thread) -> commit("1", version, null, events.get(thread)).isPresent());
		assertThat(done).containsOnlyOnce(true);
		assertThat(stored()).containsExactly(events.get(done.indexOf(true)).id());
	}

	@Test
	void stepsOfManyThreadsAreAllMadeOnce() throws Exception {
		created("1", state("0"));
		int steps = 10;
		Threads.onEach((thread) -> {
			for (int step = 0; step < steps; step++) {
				increment();
			}
			return true;
		});
		int total = Threads.COUNT * steps;
		assertThat(found("1").state()).isEqualTo(state(String.valueOf(total)));
		assertThat(this.store.log().read(0, this.store.log().head(), 1000))
			.extracting((stored) -> stored.event().data())
			.containsExactlyElementsOf(IntStream.rangeClosed(1, total).mapToObj(String::valueOf).toList());
	}

	private void increment() {
		boolean done = false;
		while (!done) {
			ProcessRecord known = found("1");
			String next = String.valueOf(Integer.parseInt(known.state().data()) + 1);
			EventRecord event = EventRecords.event("test.happened").data(next).build();
			done = commit("1", known.version(), state(next), event).isPresent();
		}
	}

	@Test
	void dueOnesAreFoundEarliestFirst() {
		Instant now = this.store.now();
		created("late", new ProcessState("A", "{}", now.minusSeconds(1)));
		created("later", new ProcessState("A", "{}", now.plus(LONG)));
		created("never", state("{}"));
		created("first", new ProcessState("B", "{}", Instant.parse("0001-01-01T00:00:00Z")));
		created("middle", new ProcessState("A", "{}", now.minusSeconds(1).minus(1, ChronoUnit.MICROS)));
		processes().commit(new ProcessChange("other", "1", NOT_THERE, new ProcessState("A", "{}", now), List.of()));
		assertThat(keys(processes().due(ORDER, 10))).containsExactly("first", "middle", "late");
		assertThat(keys(processes().due(ORDER, 2))).containsExactly("first", "middle");
		assertThat(processes().due(ORDER, 1)).containsExactly(found("first"));
		assertThat(processes().due("unknown", 10)).isEmpty();
	}

	@Test
	void deadlineComesByTheClockOfTheStore() {
		ProcessRecord first = created("1", new ProcessState("A", "{}", this.store.now().plus(LONG)));
		assertThat(processes().due(ORDER, 10)).isEmpty();
		assertThat(commit("1", first.version(), new ProcessState("A", "{}", this.store.now().plus(SHORT)))).isPresent();
		letShortTimePass();
		assertThat(keys(processes().due(ORDER, 10))).containsExactly("1");
		assertThat(commit("1", found("1").version(), new ProcessState("A", "{}", this.store.now().plus(LONG))))
			.isPresent();
		assertThat(processes().due(ORDER, 10)).isEmpty();
		assertThat(commit("1", found("1").version(), new ProcessState("A", "{}", this.store.now().minus(LONG))))
			.isPresent();
		assertThat(keys(processes().due(ORDER, 10))).containsExactly("1");
		assertThat(commit("1", found("1").version(), state("{}"))).isPresent();
		assertThat(processes().due(ORDER, 10)).isEmpty();
	}

	@Test
	void pagesHaveAllOfThemOnce() {
		Set<String> keys = new HashSet<>(
				List.of("1", "10", "2", "a:b", "A", "a", "ä", "\uD83D\uDE00", " ", "{x}", "%_"));
		keys.forEach((key) -> created(key, state("{}")));
		processes().commit(new ProcessChange("other", "1", NOT_THERE, state("{}"), List.of()));
		List<String> found = new ArrayList<>();
		List<ProcessRecord> page;
		do {
			page = processes().list(ORDER, null, found.isEmpty() ? null : found.get(found.size() - 1), 3);
			found.addAll(keys(page));
		}
		while (page.size() == 3);
		assertThat(found).containsExactlyInAnyOrderElementsOf(keys);
		assertThat(processes().list(ORDER, null, null, 1)).containsExactly(found(found.get(0)));
		commit(found.get(2), found(found.get(2)).version(), null);
		assertThat(keys(processes().list(ORDER, null, found.get(2), 2))).containsExactly(found.get(3), found.get(4));
	}

	@Test
	void statusSelects() {
		for (String key : List.of("1", "2", "3", "4")) {
			created(key, state("{}"));
		}
		commit("2", found("2").version(), new ProcessState("ENDED", "{}", null));
		commit("4", found("4").version(), new ProcessState("ENDED", "{}", null));
		assertThat(keys(processes().list(ORDER, "ENDED", null, 10))).containsExactly("2", "4");
		assertThat(keys(processes().list(ORDER, "ENDED", "2", 10))).containsExactly("4");
		assertThat(keys(processes().list(ORDER, "RUNNING", null, 10))).containsExactly("1", "3");
		assertThat(processes().list(ORDER, "FAILED", null, 10)).isEmpty();
	}

	@Test
	void namesAreNotMixedUp() {
		assertThat(processes().commit(new ProcessChange("a:b", "c", NOT_THERE, state("1"), List.of()))).isPresent();
		assertThat(processes().commit(new ProcessChange("a", "b:c", NOT_THERE, state("2"), List.of()))).isPresent();
		assertThat(processes().find("a:b", "c")).get().extracting(ProcessRecord::state).isEqualTo(state("1"));
		assertThat(processes().find("a", "b:c")).get().extracting(ProcessRecord::state).isEqualTo(state("2"));
		assertThat(keys(processes().list("a", null, null, 10))).containsExactly("b:c");
		assertThat(keys(processes().list("a:b", "RUNNING", null, 10))).containsExactly("c");
	}

	@Test
	void countsAreByKindAndStatus() {
		created("1", state("{}"));
		created("2", state("{}"));
		created("3", new ProcessState("ENDED", "{}", null));
		created("4", new ProcessState("FAILED", "{}", null));
		processes().commit(new ProcessChange("other", "1", NOT_THERE, state("{}"), List.of()));
		commit("4", found("4").version(), null);
		assertThat(processes().counts()).containsExactlyInAnyOrder(new ProcessCount(ORDER, "RUNNING", 2),
				new ProcessCount(ORDER, "ENDED", 1), new ProcessCount("other", "RUNNING", 1));
	}

	@Test
	void deadlinesOfManyAreMet() {
		Instant now = this.store.now();
		for (int i = 0; i < 50; i++) {
			created("late-" + i, new ProcessState("A", "{}", now.minus(Duration.ofSeconds(50 - i))));
			created("early-" + i, new ProcessState("A", "{}", now.plus(LONG)));
		}
		assertThat(keys(processes().due(ORDER, 100)))
			.containsExactlyElementsOf(IntStream.range(0, 50).mapToObj((i) -> "late-" + i).toList());
	}

}
