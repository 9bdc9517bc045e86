package dev.events.torture.check;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;

import dev.events.torture.check.Fault.Kind;
import dev.events.torture.check.History.Ending;
import org.jspecify.annotations.Nullable;

/**
 * Says what must not have happened. What is allowed:
 * <ul>
 * <li><b>Lost:</b> each committed event was handled with success by each subscription
 * that receives it, or is its dead letter, after all attempts.</li>
 * <li><b>Invented:</b> only committed events are handled, with the data they were
 * published with.</li>
 * <li><b>Order:</b> no call for an event begins before the one in front of it, in its
 * key, is done: has ended with success for the first time, or was given up. That is true
 * without exception, also with several nodes that repeat each other's work, because who
 * handles an event has handled, or found saved as done, all that is in front of it. What
 * may be seen is a part repeated: 3, 4, 5, 4, 5; then 4 is compared with the first
 * 3.</li>
 * <li><b>Overlap:</b> two calls for one key of a subscription at the same time are two
 * nodes that both take the partition for theirs; see {@link Explanations#ofOverlap}.</li>
 * <li><b>Duplicates:</b> after a success no call of that event begins, nor is an attempt
 * made twice, but for a reason; see {@link Explanations}.</li>
 * <li><b>Log:</b> what publishers were told is true: what was answered is there, what was
 * rolled back or refused is not. Outside transactions, see also {@link LogOrder}.</li>
 * <li><b>Replays:</b> see {@link ReplayOrder}. Of everything else they are no part.</li>
 * </ul>
 */
public final class Checker {

	private static final Set<Ending> NOT_STORED = EnumSet.of(Ending.ROLLED_BACK, Ending.REFUSED, Ending.UNDONE);

	private final History history;

	private final List<Expectation> expectations;

	private final Explanations explanations;

	private final Set<UUID> stored;

	private final Verdict verdict = new Verdict();

	private int calls;

	private int failures;

	private int repeated;

	private int retried;

	private int handovers;

	private int replayed;

	public Checker(History history, List<Expectation> expectations, Duration lease) {
		this.history = history;
		this.expectations = expectations;
		this.stored = new HashSet<>(history.log());
		this.explanations = new Explanations(history.faults(), lease);
	}

	/** Checks everything. */
	public Verdict check() {
		checkLog();
		Map<UUID, Published> published = new HashMap<>(this.history.published());
		this.history.buffered().forEach((id, ending) -> {
			if (ending == Ending.COMMITTED || this.stored.contains(id)) {
				published.put(id, new Published(id, Published.NO_KEY, 1));
			}
		});
		Map<String, List<Published>> keys = keys(published);
		Map<String, List<Call>> bySubscriber = new HashMap<>();
		this.history.calls()
			.forEach((call) -> bySubscriber.computeIfAbsent(call.subscriber(), (first) -> new ArrayList<>()).add(call));
		for (Expectation expectation : this.expectations) {
			List<Call> calls = bySubscriber.getOrDefault(expectation.id(), new ArrayList<>());
			calls.sort(Comparator.comparingLong(Call::start));
			check(expectation, calls, published, keys);
			this.verdict.count("calls of " + expectation.id(), calls.size() + ", dead letters "
					+ this.history.dead().getOrDefault(expectation.id(), Set.of()).size());
		}
		count(published.size());
		return this.verdict;
	}

	private void count(int published) {
		this.verdict.count("committed events", published);
		this.verdict.count("endings heard of", count(this.history.outcomes().values()));
		this.verdict.count("unknown ones that are stored",
				this.history.outcomes()
					.entrySet()
					.stream()
					.filter((outcome) -> outcome.getValue() == Ending.UNKNOWN && this.stored.contains(outcome.getKey()))
					.count());
		this.verdict.count("endings of buffered ones", count(this.history.buffered().values()));
		this.verdict.count("faults", count(this.history.faults().stream().map(Fault::kind).toList()));
		this.verdict.count("calls", this.calls);
		this.verdict.count("failed calls", this.failures);
		this.verdict.count("retries", this.retried);
		this.verdict.count("keys moved to another JVM", this.handovers);
		this.verdict.count("replays, and events of them", this.history.replays().size() + ", " + this.replayed);
		this.verdict.count("explained duplicates", this.repeated + " " + this.explanations.used());
		this.verdict.count("oldest repeated after a kill",
				this.explanations.oldestRepeated().toMillis() + " ms before it");
	}

	/**
	 * A run in which nothing happened shows nothing.
	 * @param events at least so many events were committed
	 * @param faults each of these happened
	 * @param transactional whether the store took part in transactions, with savepoints
	 */
	public void requireEventful(long events, Set<Kind> faults, boolean transactional) {
		require(this.history.published().size() >= events, events + " committed events");
		require(this.history.outcomes().containsValue(Ending.ROLLED_BACK), "rolled back transactions");
		if (transactional) {
			require(this.history.outcomes().containsValue(Ending.UNDONE), "a way back to a savepoint");
		}
		require(this.history.buffered().containsValue(Ending.COMMITTED), "buffered events");
		require(this.retried > 0, "retries");
		require(this.handovers > 0, "partitions that moved");
		require(this.history.dead().values().stream().anyMatch((dead) -> !dead.isEmpty()), "dead letters");
		for (Kind kind : faults) {
			require(this.history.faults().stream().anyMatch((fault) -> fault.kind() == kind), kind.toString());
		}
	}

	private void require(boolean happened, String what) {
		if (!happened) {
			wrong(Verdict.Kind.RUN, "There were not enough: %s", what);
		}
	}

	private static <T> Map<T, Integer> count(Collection<T> values) {
		Map<T, Integer> counts = new TreeMap<>();
		values.forEach((value) -> counts.merge(value, 1, Integer::sum));
		return counts;
	}

	private void checkLog() {
		Map<UUID, Published> published = this.history.published();
		this.history.outcomes().forEach((id, ending) -> {
			if (ending == Ending.COMMITTED && !published.containsKey(id)) {
				wrong(Verdict.Kind.LOG, "%s: its commit was answered, but it is gone", id);
			}
			if (NOT_STORED.contains(ending) && published.containsKey(id)) {
				wrong(Verdict.Kind.LOG, "%s: it was %s, but it is there", id, ending);
			}
			if (ending == Ending.DOUBTED) {
				wrong(Verdict.Kind.LOG, "%s: it was published once, and said to have been there before", id);
			}
		});
		for (Published event : published.values()) {
			if (!this.stored.contains(event.id())) {
				wrong(Verdict.Kind.LOG, "%s was committed, but is not in the log", event);
			}
		}
		this.history.buffered().forEach((id, ending) -> {
			if (ending == Ending.COMMITTED && !this.stored.contains(id)) {
				wrong(Verdict.Kind.LOG, "%s: the buffer said it was stored, but it is not", id);
			}
		});
		if (this.history.log().size() != this.stored.size()) {
			wrong(Verdict.Kind.LOG, "%d events are in the log twice", this.history.log().size() - this.stored.size());
		}
		new LogOrder(this.history.log(), this.history.appends()).violations()
			.forEach((violation) -> wrong(Verdict.Kind.LOG, "%s", violation));
		for (UUID id : this.stored) {
			if (!published.containsKey(id) && !this.history.buffered().containsKey(id)) {
				wrong(Verdict.Kind.LOG, "%s is in the log, but was not committed", id);
			}
		}
	}

	private Map<String, List<Published>> keys(Map<UUID, Published> published) {
		Map<String, List<Published>> keys = new HashMap<>();
		for (Published event : published.values()) {
			if (event.isOrdered()) {
				keys.computeIfAbsent(event.key(), (first) -> new ArrayList<>()).add(event);
			}
		}
		keys.values().forEach((events) -> {
			events.sort(Comparator.comparingLong(Published::place));
			for (int i = 0; i < events.size() && !this.history.isOrderedByLog(); i++) {
				if (events.get(i).seq() != i + 1) {
					wrong(Verdict.Kind.RUN, "Numbers of a key are not in a row at %s", events.get(i));
					break;
				}
			}
		});
		return keys;
	}

	private void check(Expectation expectation, List<Call> calls, Map<UUID, Published> published,
			Map<String, List<Published>> keys) {
		Set<UUID> dead = this.history.dead().getOrDefault(expectation.id(), Set.of());
		Map<UUID, List<Call>> byEvent = new HashMap<>();
		Map<String, List<Call>> byKey = new HashMap<>();
		for (Call call : calls) {
			count(call);
			Published event = published.get(call.event());
			if (event == null) {
				wrong(Verdict.Kind.INVENTED, "%s was not committed", call);
			}
			else if (!event.key().equals(call.key()) || event.seq() != call.seq() || !expectation.receives(event)) {
				wrong(Verdict.Kind.INVENTED, "%s, but published was %s", call, event);
			}
			byEvent.computeIfAbsent(call.event(), (first) -> new ArrayList<>(1)).add(call);
			if (!call.key().equals(Published.NO_KEY)) {
				byKey.computeIfAbsent(call.key(), (first) -> new ArrayList<>()).add(call);
			}
		}
		byKey.values().forEach((ofKey) -> checkOverlaps(expectation, ofKey));
		if (expectation.transactional()) {
			checkEffects(expectation, published, dead);
			return;
		}
		checkReplays(expectation, calls, byEvent, keys);
		byEvent.replaceAll((event, ofEvent) -> ofEvent.stream().filter((call) -> !call.replay()).toList());
		for (Published event : published.values()) {
			if (expectation.receives(event)) {
				checkLost(expectation, event, byEvent.getOrDefault(event.id(), List.of()), dead.contains(event.id()));
			}
		}
		keys.values().forEach((events) -> checkOrder(expectation, events, byEvent, dead));
		byEvent.values().forEach((ofEvent) -> checkRepetitions(expectation, ofEvent));
	}

	private void checkReplays(Expectation expectation, List<Call> calls, Map<UUID, List<Call>> byEvent,
			Map<String, List<Published>> keys) {
		List<BegunReplay> replays = this.history.replays()
			.stream()
			.filter((replay) -> replay.subscriber().equals(expectation.id()))
			.toList();
		ReplayOrder order = new ReplayOrder(replays, calls, this.explanations::isAfterStandstill);
		keys.values().forEach((events) -> {
			List<Published> received = events.stream().filter(expectation::receives).toList();
			order.check(received);
			received.forEach((event) -> order.checkLost(event, byEvent.getOrDefault(event.id(), List.of())));
		});
		this.replayed += order.replayed();
		order.violations().forEach((violation) -> wrong(Verdict.Kind.REPLAY, "%s", violation));
	}

	/**
	 * Of a transactional subscriber only what is in the database counts: whatever its
	 * handlers did in a transaction that was not committed has not happened.
	 */
	private void checkEffects(Expectation expectation, Map<UUID, Published> published, Set<UUID> dead) {
		Map<UUID, Integer> times = new HashMap<>();
		Map<String, Effect> last = new HashMap<>();
		for (Effect effect : this.history.effects()) {
			if (!effect.subscriber().equals(expectation.id())) {
				continue;
			}
			times.merge(effect.event(), 1, Integer::sum);
			Effect before = effect.key().equals(Published.NO_KEY) ? null : last.put(effect.key(), effect);
			if (before != null && before.seq() > effect.seq()) {
				wrong(Verdict.Kind.ORDER, "%s after %s", effect, before);
			}
			if (!published.containsKey(effect.event())) {
				wrong(Verdict.Kind.INVENTED, "%s was not committed", effect);
			}
		}
		for (Published event : published.values()) {
			boolean expected = expectation.receives(event) && !dead.contains(event.id());
			int found = times.getOrDefault(event.id(), 0);
			if (expected && found == 0) {
				wrong(Verdict.Kind.LOST, "%s has no effect in %s", event, expectation.id());
			}
			else if (found > (expected ? 1 : 0)) {
				wrong(Verdict.Kind.EFFECT, "%s has its effect in %s %d times", event, expectation.id(), found);
			}
			if (dead.contains(event.id()) && !expectation.deadLetters()) {
				wrong(Verdict.Kind.LOST, "%s is a dead letter of %s, which should have none", event, expectation.id());
			}
		}
	}

	private void count(Call call) {
		this.calls++;
		this.failures += (call.outcome() == Call.Outcome.FAILED) ? 1 : 0;
		this.retried += (call.attempt() > 1) ? 1 : 0;
	}

	private void checkLost(Expectation expectation, Published event, List<Call> calls, boolean dead) {
		if (calls.stream().anyMatch(Call::isSuccess)) {
			return;
		}
		if (!dead) {
			wrong(Verdict.Kind.LOST, "%s for %s, which has seen %s", event, expectation.id(), calls);
		}
		else if (!expectation.deadLetters()) {
			wrong(Verdict.Kind.LOST, "%s is a dead letter of %s, which should have none", event, expectation.id());
		}
		else if (givenUp(expectation, calls) == null) {
			wrong(Verdict.Kind.ATTEMPTS, "%s is a dead letter of %s after only %s", event, expectation.id(), calls);
		}
	}

	/** The call after which a dead letter was given up. */
	private static @Nullable Call givenUp(Expectation expectation, List<Call> calls) {
		List<Call> failed = calls.stream().filter((call) -> call.outcome() == Call.Outcome.FAILED).toList();
		return failed.stream()
			.filter((call) -> call.attempt() >= expectation.maxAttempts() || expectation.givesUpAtOnce(call.event()))
			.min(Comparator.comparingLong(Call::end))
			.orElse(null);
	}

	private void checkOrder(Expectation expectation, List<Published> events, Map<UUID, List<Call>> byEvent,
			Set<UUID> dead) {
		Call done = null;
		for (Published event : events) {
			if (!expectation.receives(event)) {
				continue;
			}
			List<Call> calls = byEvent.getOrDefault(event.id(), List.of());
			Call last = done;
			if (last != null) {
				calls.stream()
					// a batch that fails has the next one of the key in it, too
					.filter((call) -> call.start() - last.end() < 0 && (call.attempt() > 0 || call.isSuccess()))
					.findFirst()
					.ifPresent((early) -> wrong(Verdict.Kind.ORDER, "%s began before %s had ended", early, last));
			}
			Call first = calls.stream()
				.filter(Call::isSuccess)
				.min(Comparator.comparingLong(Call::end))
				.orElseGet(() -> dead.contains(event.id()) ? givenUp(expectation, calls) : null);
			if (first != null && (done == null || first.end() - done.end() > 0)) {
				done = first;
			}
		}
	}

	private void checkOverlaps(Expectation expectation, List<Call> calls) {
		Call latest = null;
		for (Call call : calls) {
			if (latest != null && !latest.worker().equals(call.worker())) {
				this.handovers++;
			}
			if (latest != null && call.start() - latest.end() < 0) {
				boolean sameJvm = latest.worker().equals(call.worker());
				Kind reason = sameJvm ? null : this.explanations.ofOverlap(latest, call, expectation.prepared());
				if (reason == null) {
					wrong(Verdict.Kind.OVERLAP, "%s and %s", latest, call);
				}
			}
			if (latest == null || call.end() - latest.end() > 0) {
				latest = call;
			}
		}
	}

	private void checkRepetitions(Expectation expectation, List<Call> calls) {
		for (int i = 1; i < calls.size(); i++) {
			Call again = calls.get(i);
			Call before = before(expectation, calls.subList(0, i), again);
			if (before == null) {
				continue;
			}
			Kind reason = this.explanations.ofRepetition(before, again, expectation.prepared());
			if (reason == null) {
				wrong(Verdict.Kind.DUPLICATE, "%s again after %s", again, before);
			}
			else {
				this.repeated++;
			}
		}
		Set<Integer> failed = new HashSet<>();
		for (Call call : calls) {
			boolean known = call.attempt() <= 1 || failed.contains(call.attempt() - 1);
			if (!known || call.attempt() > expectation.maxAttempts()) {
				wrong(Verdict.Kind.ATTEMPTS, "%s after %s", call, calls);
			}
			// an interrupted one may have been at the end of its time, which is a failure
			if (call.outcome() == Call.Outcome.FAILED || call.outcome() == Call.Outcome.INTERRUPTED) {
				failed.add(call.attempt());
			}
		}
	}

	/** The last call which, were it known, would have made this one unnecessary. */
	private static @Nullable Call before(Expectation expectation, List<Call> earlier, Call again) {
		Call last = null;
		for (Call call : earlier) {
			// an operator's retry begins with the first attempt again
			boolean sameAttempt = call.outcome() == Call.Outcome.FAILED && call.attempt() == again.attempt()
					&& expectation.deadLetters();
			boolean ended = call.end() - again.start() <= 0;
			if (ended && (call.isSuccess() || sameAttempt) && (last == null || call.end() - last.end() > 0)) {
				last = call;
			}
		}
		return last;
	}

	private void wrong(Verdict.Kind kind, String text, Object... values) {
		this.verdict.violation(kind, text.formatted(values));
	}

}
