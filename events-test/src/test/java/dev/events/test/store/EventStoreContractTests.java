package dev.events.test.store;

import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

import dev.events.store.Cursors;
import dev.events.store.Deliveries;
import dev.events.store.EventLog;
import dev.events.store.Nodes;
import dev.events.store.Replays;
import dev.events.store.Processes;
import dev.events.store.Schemas;
import dev.events.store.Schedule;
import dev.events.store.SubjectKeys;
import dev.events.store.SubscriptionRegistry;
import dev.events.store.Wakeups;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The contract itself: that each of its tests can fail, and that no method of the SPI can
 * be left out unnoticed.
 */
class EventStoreContractTests {

	@Test
	void storeThatDoesEverythingPassesEveryTest() {
		ContractRun run = ContractRun.of(MemoryStoreFixture::new);
		assertThat(run.failed()).isEmpty();
		assertThat(run.succeeded()).hasSizeGreaterThan(120);
	}

	@Test
	void storeThatDoesNothingFailsEveryTest() {
		ContractRun run = ContractRun.of(() -> new StoreFixture() {

			@Override
			public NoOpEventStore store() {
				return new NoOpEventStore();
			}

			@Override
			public void advance(Duration duration) {
			}

			@Override
			public Duration patience() {
				return Duration.ofMillis(10);
			}

		});
		assertThat(run.succeeded()).isEmpty();
		assertThat(run.failed()).hasSizeGreaterThan(120);
	}

	/**
	 * Here the set-up works, so that each test has to fail by what it asserts itself.
	 */
	@ParameterizedTest
	@CsvSource({ "EventLog.*, Append Envelope Follow Queries Deletion, 8", "Schedule.*, Scheduled, 8",
			"SubscriptionRegistry.*, Registry Repartition, 8", "Cursors.*, Leases Checkpoints, 8",
			"Cursors.checkpoint, Changes Due DeadLetterReads DeadLetterOperations ReplayedDeliveries, 8",
			"Deliveries.*, Changes Due DeadLetterReads DeadLetterOperations ReplayedDeliveries, 8",
			"Replays.*, Replaying MovedCursors, 8", "Processes.*, ProcessStates, 8", "Nodes.*, RunningNodes, 8",
			"Wakeups.*, WakingOthers, 8", "Schemas.*, EventSchemas, 5", "SubjectKeys.*, DataSubjectKeys, 8" })
	void partThatDoesNothingFailsEveryTestOfIt(String part, String contracts, int atLeast) {
		ContractRun run = ContractRun.of(() -> new NoOpPartFixture(Set.of(part)), contracts.split(" "));
		assertThat(run.succeeded()).isEmpty();
		assertThat(run.failed()).hasSizeGreaterThanOrEqualTo(atLeast);
	}

	@ParameterizedTest
	@MethodSource
	void methodThatDoesNothingIsNoticed(String method) {
		assertThat(ContractRun.of(() -> new NoOpPartFixture(Set.of(method))).failed()).isNotEmpty();
	}

	static List<String> methodThatDoesNothingIsNoticed() {
		return Stream
			.of(EventLog.class, Schedule.class, SubscriptionRegistry.class, Cursors.class, Deliveries.class,
					Replays.class, Processes.class, Nodes.class, Schemas.class, SubjectKeys.class, Wakeups.class)
			.flatMap((part) -> Stream.of(part.getMethods()))
			// what a store may leave out
			.filter((method) -> !method.isDefault() && !Modifier.isStatic(method.getModifiers()))
			.map(EventStoreContractTests::name)
			.distinct()
			.toList();
	}

	private static String name(Method method) {
		return method.getDeclaringClass().getSimpleName() + "." + method.getName();
	}

}
