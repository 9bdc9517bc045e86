package dev.events.torture.check;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;

import dev.events.torture.check.Call.Outcome;
import dev.events.torture.check.History.Ending;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The checker finds what it says it finds, and nothing else. Times are in milliseconds.
 */
class CheckerTests {

	private final Map<UUID, Published> published = new HashMap<>();

	private final Map<UUID, Ending> outcomes = new HashMap<>();

	private final Map<UUID, Ending> buffered = new HashMap<>();

	private final List<UUID> log = new ArrayList<>();

	private final List<Append> appends = new ArrayList<>();

	private final Map<String, Set<UUID>> dead = new HashMap<>();

	private final List<Call> calls = new ArrayList<>();

	private final List<Effect> effects = new ArrayList<>();

	private final List<Fault> faults = new ArrayList<>();

	private final List<BegunReplay> replays = new ArrayList<>();

	private int batchSize = 1;

	private final UUID one = publish("key", 1);

	private final UUID two = publish("key", 2);

	@Test
	void eachEventOnceAndInOrderIsGood() {
		call("a", this.one, 0, 10, Outcome.OK);
		call("a", this.two, 10, 20, Outcome.OK);

		assertGood();
	}

	@Test
	void whatNobodyHandledIsLost() {
		call("a", this.one, 0, 10, Outcome.OK);
		call("a", this.two, 10, 20, Outcome.UNFINISHED);

		assertOnly(Verdict.Kind.LOST);
	}

	@Test
	void whatWasGivenUpIsNotLost() {
		call("a", this.one, 1, 0, 10, Outcome.FAILED);
		call("a", this.one, 2, 10, 20, Outcome.FAILED);
		call("a", this.two, 30, 40, Outcome.OK);
		this.dead.put("s", Set.of(this.one));

		assertGood();
	}

	@Test
	void whatWasGivenUpTooEarlyIsFound() {
		call("a", this.one, 0, 10, Outcome.FAILED);
		call("a", this.two, 30, 40, Outcome.OK);
		this.dead.put("s", Set.of(this.one));

		assertOnly(Verdict.Kind.ATTEMPTS);
	}

	@Test
	void aSecondAttemptWithoutAFirstIsFound() {
		call("a", this.one, 2, 0, 10, Outcome.OK);
		call("a", this.two, 30, 40, Outcome.OK);

		assertOnly(Verdict.Kind.ATTEMPTS);
	}

	@Test
	void whatWasNotCommittedIsInvented() {
		allHandled();
		UUID rolledBack = UUID.randomUUID();
		this.outcomes.put(rolledBack, Ending.ROLLED_BACK);
		this.calls.add(new Call("a", "s", rolledBack, "other", 1, 1, millis(0), millis(10), Outcome.FAILED));

		assertOnly(Verdict.Kind.INVENTED);
	}

	@Test
	void otherDataThanPublishedIsInvented() {
		call("a", this.one, 0, 10, Outcome.OK);
		this.calls.add(new Call("a", "s", this.two, "key", 3, 1, millis(10), millis(20), Outcome.OK));

		assertOnly(Verdict.Kind.INVENTED);
	}

	@Test
	void theSecondBeforeTheFirstIsOutOfOrder() {
		call("a", this.two, 0, 10, Outcome.OK);
		call("a", this.one, 10, 20, Outcome.OK);

		assertOnly(Verdict.Kind.ORDER);
	}

	@Test
	void alsoATryOfTheSecondBeforeTheFirstIsDoneIsOutOfOrder() {
		call("a", this.one, 1, 0, 10, Outcome.FAILED);
		call("a", this.two, 1, 10, 20, Outcome.FAILED);
		call("a", this.one, 2, 20, 30, Outcome.OK);
		call("a", this.two, 2, 30, 40, Outcome.OK);

		assertOnly(Verdict.Kind.ORDER);
	}

	@Test
	void theSecondMayComeWhenTheFirstIsGivenUpButNotBefore() {
		call("a", this.one, 1, 0, 10, Outcome.FAILED);
		call("a", this.two, 15, 18, Outcome.OK);
		call("a", this.one, 2, 20, 30, Outcome.FAILED);
		this.dead.put("s", Set.of(this.one));

		assertOnly(Verdict.Kind.ORDER);
	}

	@Test
	void aKillExplainsThatTheEndIsRepeated() {
		call("a", this.one, 0, 10, Outcome.OK);
		call("a", this.two, 10, 20, Outcome.OK);
		fault(Fault.Kind.KILL, "a", 30, 31);
		call("b", this.one, 3000, 3010, Outcome.OK);
		call("b", this.two, 3010, 3020, Outcome.OK);

		assertGood();
	}

	@Test
	void aKillExplainsNothingThatWasHandledLongBefore() {
		allHandled();
		fault(Fault.Kind.KILL, "a", 1500, 1501);
		call("b", this.two, 3010, 3020, Outcome.OK);

		assertOnly(Verdict.Kind.DUPLICATE);
	}

	@Test
	void aKillOfAnotherExplainsNothing() {
		allHandled();
		fault(Fault.Kind.KILL, "c", 30, 31);
		call("b", this.two, 3010, 3020, Outcome.OK);

		assertOnly(Verdict.Kind.DUPLICATE);
	}

	@Test
	void aRestartInOrderExplainsNothing() {
		allHandled();
		fault(Fault.Kind.RESTART, "a", 30, 40);
		call("b", this.two, 3010, 3020, Outcome.OK);

		assertOnly(Verdict.Kind.DUPLICATE);
	}

	@Test
	void aPauseExplainsThatACallBegunBeforeEndsAfter() {
		call("a", this.one, 0, 10, Outcome.OK);
		fault(Fault.Kind.PAUSE, "a", 15, 5000);
		call("a", this.two, 10, 5010, Outcome.OK);
		call("b", this.one, 2500, 2510, Outcome.OK);
		call("b", this.two, 2510, 2520, Outcome.OK);

		assertGood();
	}

	@Test
	void afterAPauseOneCallForEachPartitionMayBegin() {
		fault(Fault.Kind.PAUSE, "a", 15, 5000);
		call("b", this.one, 2500, 2510, Outcome.OK);
		call("b", this.two, 2510, 2520, Outcome.OK);
		call("a", this.one, 5001, 5010, Outcome.OK);

		assertGood();
	}

	@Test
	void afterAPauseNotMoreThanOneCallForEachPartitionMayBegin() {
		fault(Fault.Kind.PAUSE, "a", 15, 5000);
		call("b", this.one, 2500, 2510, Outcome.OK);
		call("b", this.two, 2510, 2520, Outcome.OK);
		call("a", this.one, 5001, 5010, Outcome.OK);
		call("a", this.two, 5011, 5020, Outcome.OK);

		assertOnly(Verdict.Kind.DUPLICATE);
	}

	@Test
	void aBatchIsOneCall() {
		this.batchSize = 2;
		fault(Fault.Kind.PAUSE, "a", 15, 5000);
		call("b", this.one, 2500, 2510, Outcome.OK);
		call("b", this.two, 2510, 2520, Outcome.OK);
		call("a", this.one, 5001, 5002, Outcome.OK);
		call("a", this.two, 5002, 5003, Outcome.OK);

		assertGood();
	}

	@Test
	void aNodeMayGoOnBeforeTheEndOfItsPauseIsWrittenDown() {
		fault(Fault.Kind.PAUSE, "a", 15, 5000);
		call("b", this.one, 2500, 2510, Outcome.OK);
		call("b", this.two, 2510, 2520, Outcome.OK);
		call("a", this.one, 4998, 4999, Outcome.OK);

		assertGood();
	}

	@Test
	void aPauseRightAfterAPauseProlongsIt() {
		fault(Fault.Kind.PAUSE, "a", 15, 5000);
		call("b", this.one, 2500, 2510, Outcome.OK);
		call("b", this.two, 2510, 2520, Outcome.OK);
		fault(Fault.Kind.SHORT_PAUSE, "a", 5002, 5700);
		call("a", this.one, 5740, 5750, Outcome.OK);

		assertGood();
	}

	@Test
	void aPauseAfterTheNodeHadTimeToLookAtItsClockDoesNotProlongTheOneBefore() {
		fault(Fault.Kind.PAUSE, "a", 15, 5000);
		call("b", this.one, 2500, 2510, Outcome.OK);
		call("b", this.two, 2510, 2520, Outcome.OK);
		fault(Fault.Kind.SHORT_PAUSE, "a", 5290, 5990);
		call("a", this.one, 6010, 6020, Outcome.OK);

		assertOnly(Verdict.Kind.DUPLICATE);
	}

	@Test
	void aShortPauseExplainsNothing() {
		allHandled();
		fault(Fault.Kind.SHORT_PAUSE, "a", 30, 900);
		call("b", this.two, 3010, 3020, Outcome.OK);

		assertOnly(Verdict.Kind.DUPLICATE);
	}

	@Test
	void anOutageExplainsThatWhatCouldNotBeSavedIsRepeated() {
		allHandled();
		fault(Fault.Kind.SERVER_STOPPED, "*", 50, 4000);
		call("b", this.two, 7000, 7010, Outcome.OK);

		assertGood();
	}

	@Test
	void theSameAttemptTwiceIsADuplicate() {
		call("a", this.one, 1, 0, 10, Outcome.FAILED);
		call("a", this.one, 1, 20, 30, Outcome.OK);
		call("a", this.two, 40, 50, Outcome.OK);

		assertOnly(Verdict.Kind.DUPLICATE);
	}

	@Test
	void twoNodesWithTheSameKeyAtATimeAreFound() {
		call("a", this.one, 0, 10, Outcome.OK);
		call("b", this.one, 5, 15, Outcome.OK);
		call("b", this.two, 20, 30, Outcome.OK);

		assertOnly(Verdict.Kind.OVERLAP);
	}

	@Test
	void noFaultExplainsThatANodeHandlesAKeyTwiceAtATime() {
		call("a", this.one, 0, 10, Outcome.OK);
		call("a", this.one, 5, 15, Outcome.OK);
		call("a", this.two, 20, 30, Outcome.OK);
		fault(Fault.Kind.PAUSE, "a", 1, 4);

		assertOnly(Verdict.Kind.OVERLAP);
	}

	@Test
	void aCommitThatIsGoneIsFound() {
		allHandled();
		this.outcomes.put(UUID.randomUUID(), Ending.COMMITTED);

		assertOnly(Verdict.Kind.LOG);
	}

	@Test
	void anUndoneEventThatIsThereIsFound() {
		allHandled();
		this.outcomes.put(this.one, Ending.UNDONE);

		assertOnly(Verdict.Kind.LOG);
	}

	@Test
	void aCommittedEventThatIsNotInTheLogIsFound() {
		allHandled();
		this.log.remove(this.one);

		assertOnly(Verdict.Kind.LOG);
	}

	@Test
	void anEventInTheLogThatWasNotCommittedIsFound() {
		allHandled();
		this.log.add(UUID.randomUUID());

		assertOnly(Verdict.Kind.LOG);
	}

	@Test
	void aBufferedEventThatWasConfirmedIsExpected() {
		allHandled();
		UUID id = UUID.randomUUID();
		this.buffered.put(id, Ending.COMMITTED);
		this.log.add(id);

		assertOnly(Verdict.Kind.LOST);
	}

	@Test
	void aBufferedEventThatWasNotConfirmedMayBeMissing() {
		allHandled();
		this.buffered.put(UUID.randomUUID(), Ending.UNKNOWN);

		assertGood();
	}

	@Test
	void aRefusedEventThatIsThereIsFound() {
		allHandled();
		this.outcomes.put(this.one, Ending.REFUSED);

		assertOnly(Verdict.Kind.LOG);
	}

	@Test
	void anEventWhoseAnswerWasLostMayBeThereOrNot() {
		allHandled();
		this.outcomes.put(this.one, Ending.UNKNOWN);
		this.outcomes.put(UUID.randomUUID(), Ending.UNKNOWN);

		assertGood();
	}

	@Test
	void anEventThatIsSaidToHaveBeenThereBeforeItWasPublishedIsFound() {
		allHandled();
		this.outcomes.put(this.one, Ending.DOUBTED);

		assertOnly(Verdict.Kind.LOG);
	}

	@Test
	void anEventThatIsInTheLogTwiceIsFound() {
		allHandled();
		this.log.add(this.one);

		assertOnly(Verdict.Kind.LOG);
	}

	@Test
	void whatWasAnsweredBeforeAnotherWasPublishedMustNotLieBehindIt() {
		allHandled();
		append(0, 10, Ending.COMMITTED, this.two);
		append(20, 30, Ending.UNKNOWN, this.one);

		assertOnly(Verdict.Kind.LOG);
	}

	@Test
	void whatWasPublishedAtTheSameTimeMayLieEitherWay() {
		allHandled();
		append(0, 30, Ending.COMMITTED, this.two);
		append(20, 40, Ending.COMMITTED, this.one);

		assertGood();
	}

	@Test
	void whatWasNotAnsweredMayHaveBeenStoredLater() {
		allHandled();
		append(20, 30, Ending.COMMITTED, this.one);
		append(0, 10, Ending.UNKNOWN, this.two);

		assertGood();
	}

	@Test
	void aUnitOfWhichAPartIsMissingIsFound() {
		allHandled();
		append(0, 10, Ending.UNKNOWN, this.one, UUID.randomUUID());

		assertOnly(Verdict.Kind.LOG);
	}

	@Test
	void aUnitThatIsTornApartIsFound() {
		UUID three = publish("other", 1);
		allHandled();
		this.calls.add(new Call("a", "s", three, "other", 1, 1, millis(0), millis(10), Outcome.OK));
		append(0, 10, Ending.COMMITTED, this.one, three);

		assertOnly(Verdict.Kind.LOG);
	}

	@Test
	void withoutTransactionsTheLogIsTheOrderOfAKey() {
		this.published.put(this.one, new Published(this.one, "key", 7, 1));
		this.published.put(this.two, new Published(this.two, "key", 3, 2));
		append(0, 10, Ending.COMMITTED, this.one);
		this.calls.add(new Call("a", "s", this.two, "key", 3, 1, millis(0), millis(10), Outcome.OK));
		this.calls.add(new Call("a", "s", this.one, "key", 7, 1, millis(10), millis(20), Outcome.OK));

		assertOnly(Verdict.Kind.ORDER);
	}

	@Test
	void ofATransactionalSubscriberOnlyEffectsCount() {
		call("a", this.two, 0, 10, Outcome.OK);
		call("a", this.one, 10, 20, Outcome.OK);
		effect(1, this.one);
		effect(2, this.two);

		assertThat(check(true).isGood()).isTrue();
	}

	@Test
	void anEffectThatIsThereTwiceIsFound() {
		effect(1, this.one);
		effect(2, this.one);
		effect(3, this.two);

		assertOnly(check(true), Verdict.Kind.EFFECT);
	}

	@Test
	void anEffectThatIsMissingIsFound() {
		allHandled();
		effect(1, this.one);

		assertOnly(check(true), Verdict.Kind.LOST);
	}

	@Test
	void effectsOutOfOrderAreFound() {
		effect(1, this.two);
		effect(2, this.one);

		assertOnly(check(true), Verdict.Kind.ORDER);
	}

	@Test
	void aRunInWhichNothingHappensIsNotGood() {
		allHandled();
		Checker checker = checker(false);
		Verdict verdict = checker.check();

		checker.requireEventful(3, Set.of(), false);

		assertOnly(verdict, Verdict.Kind.RUN);
	}

	private UUID publish(String key, long seq) {
		UUID id = UUID.randomUUID();
		this.published.put(id, new Published(id, key, seq));
		this.log.add(id);
		return id;
	}

	private void allHandled() {
		call("a", this.one, 0, 10, Outcome.OK);
		call("a", this.two, 10, 20, Outcome.OK);
	}

	private void call(String worker, UUID event, long start, long end, Outcome outcome) {
		call(worker, event, 1, start, end, outcome);
	}

	private void call(String worker, UUID event, int attempt, long start, long end, Outcome outcome) {
		this.calls.add(new Call(worker, "s", event, "key", event.equals(this.one) ? 1 : 2, attempt, millis(start),
				millis(end), outcome));
	}

	@Test
	void aReplayThatRepeatsInOrderIsGood() {
		allHandled();
		replay(50);
		replayed(this.one, 60, 70);
		replayed(this.two, 70, 80);

		assertGood();
	}

	@Test
	void aReplayOutOfOrderIsFound() {
		allHandled();
		replay(50);
		replayed(this.two, 60, 70);
		replayed(this.one, 70, 80);

		assertOnly(Verdict.Kind.REPLAY);
	}

	@Test
	void aReplayThatLeavesOutSomethingIsFound() {
		allHandled();
		replay(50);
		replayed(this.two, 60, 70);

		assertOnly(Verdict.Kind.REPLAY);
	}

	@Test
	void whatComesLiveInFrontOfTheRestOfAReplayIsFound() {
		UUID three = publish("key", 3);
		allHandled();
		replay(50);
		replayed(this.one, 60, 70);
		this.calls.add(new Call("a", "s", three, "key", 3, 1, millis(70), millis(80), Outcome.OK));
		replayed(this.two, 80, 90);

		assertOnly(Verdict.Kind.REPLAY);
	}

	@Test
	void aReplayedEventIsNotTakenForHandled() {
		call("a", this.one, 0, 10, Outcome.OK);
		replay(50);
		replayed(this.one, 60, 70);
		replayed(this.two, 70, 80);

		assertOnly(Verdict.Kind.LOST);
	}

	private void replay(long start) {
		this.replays.add(new BegunReplay("a", "s", millis(start), true));
	}

	private void replayed(UUID event, long start, long end) {
		this.calls.add(new Call("a", "s", event, "key", event.equals(this.one) ? 1 : 2, 1, true, millis(start),
				millis(end), Outcome.OK));
	}

	private void append(long start, long end, Ending ending, UUID... events) {
		this.appends.add(new Append(List.of(events), millis(start), millis(end), ending));
	}

	private void effect(long number, UUID event) {
		this.effects.add(new Effect(number, "s", event, "key", event.equals(this.one) ? 1 : 2));
	}

	private void fault(Fault.Kind kind, String worker, long start, long end) {
		this.faults.add(new Fault(kind, worker, millis(start), millis(end)));
	}

	private static long millis(long millis) {
		return Duration.ofMillis(millis).toNanos();
	}

	private Checker checker(boolean transactional) {
		History history = new History(this.published, this.outcomes, this.buffered, this.log, this.appends, this.dead,
				this.calls, this.effects, this.replays, this.faults);
		return new Checker(history, List
			.of(new Expectation("s", 1, this.batchSize, 2, true, transactional, (event) -> true, (id) -> false)),
				Duration.ofSeconds(2));
	}

	private Verdict check(boolean transactional) {
		return checker(transactional).check();
	}

	private void assertGood() {
		Verdict verdict = check(false);
		assertThat(verdict.isGood()).as(verdict.toString()).isTrue();
	}

	private void assertOnly(Verdict.Kind kind) {
		assertOnly(check(false), kind);
	}

	private static void assertOnly(Verdict verdict, Verdict.Kind kind) {
		for (Verdict.Kind each : Verdict.Kind.values()) {
			assertThat(verdict.violations(each) > 0).as(each + "\n" + verdict).isEqualTo(each == kind);
		}
	}

}
