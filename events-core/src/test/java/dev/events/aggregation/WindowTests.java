package dev.events.aggregation;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

import dev.events.Aggregation;
import dev.events.AggregationWindow;
import dev.events.DeadLetters;
import dev.events.Event;
import dev.events.InvalidEventException;
import dev.events.NonRetryableEventException;
import dev.events.RetryLaterException;
import dev.events.memory.MemoryEventStore;
import dev.events.store.AnswersLost;
import dev.events.store.DeliveryChange;
import dev.events.store.DeliveryOverException;
import dev.events.store.Lease;
import dev.events.store.ProcessChange;
import dev.events.store.ProcessRecord;
import dev.events.store.ProcessState;
import dev.events.store.StoredEvent;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

/**
 * When windows begin and end and what is in them; time goes on as the test says.
 */
class WindowTests {

	private final ManualClock clock = new ManualClock();

	private final MemoryEventStore store = new MemoryEventStore(this.clock);

	private final List<AggregationWindow> windows = new ArrayList<>();

	/** What is gathered; is changed in place, on purpose. */
	static class Words {

		private List<String> words = new ArrayList<>();

		public List<String> getWords() {
			return this.words;
		}

		public void setWords(List<String> words) {
			this.words = words;
		}

		Words with(Object word) {
			this.words.add(word.toString());
			return this;
		}

	}

	private static Aggregation.Timing<Object> timing() {
		return Aggregation.named("words").on("word", "words");
	}

	private static Aggregation.Gathering<Object> tumbling() {
		return timing().tumbling(Duration.ofSeconds(10));
	}

	private static Aggregation.Builder<Object, Words> words(Aggregation.Gathering<Object> gathering) {
		return gathering.into(Words.class, Words::new, (words, event) -> words.with(event.data()));
	}

	private AggregationNode node(Aggregation.Builder<Object, Words> builder) {
		return new AggregationNode(this.store, this.clock::nanoTime, builder.publishAs("words", (words, window) -> {
			this.windows.add(window);
			return words.getWords();
		}));
	}

	private static Event<?> word(String word) {
		return Event.of("word", word).withKey("k");
	}

	private List<Object> results(AggregationNode node) {
		return node.published("words").stream().map(Event::data).toList();
	}

	private void pass(long millis) {
		this.clock.advance(Duration.ofMillis(millis));
	}

	/** All that is left to do is done, and the subscription is past its results, too. */
	private void goOn(AggregationNode node, Lease lease) throws Exception {
		for (int i = 0; i < 10; i++) {
			AggregationNode.save(this.store, lease, this.store.log().head());
			pass(600_000);
			node.sweep();
		}
	}

	private ProcessRecord stored() {
		return this.store.processes()
			.find("aggregation.words", "k")
			.orElseThrow(() -> new AssertionError("Nothing is stored"));
	}

	@Test
	void tumblingWindowLastsFromItsFirstEvent() throws Exception {
		AggregationNode node = node(words(tumbling()));
		pass(700);
		node.publish(word("a"));
		pass(9000);
		node.publish(word("b"));
		pass(999);
		node.sweep();
		assertThat(results(node)).isEmpty();
		pass(1);
		node.sweep();
		assertThat(results(node)).containsExactly(List.of("a", "b"));
		assertThat(this.windows).containsExactly(new AggregationWindow("words", "k", ManualClock.START.plusMillis(700),
				ManualClock.START.plusMillis(10_700), 2, AggregationWindow.End.TIME));
	}

	@Test
	void debouncedWindowLastsUntilThereWasNoEventForAWhile() throws Exception {
		AggregationNode node = node(words(timing().debounce(Duration.ofSeconds(2), Duration.ofSeconds(5))));
		node.publish(word("a"));
		pass(1900);
		node.publish(word("b"));
		pass(1999);
		node.sweep();
		assertThat(results(node)).isEmpty();
		pass(1);
		node.sweep();
		assertThat(results(node)).containsExactly(List.of("a", "b"));
	}

	@Test
	void debouncedWindowDoesNotLastForEver() throws Exception {
		AggregationNode node = node(words(timing().debounce(Duration.ofSeconds(2), Duration.ofSeconds(5))));
		for (int i = 0; i < 6; i++) {
			node.publish(word("" + i));
			pass(1000);
		}
		assertThat(results(node)).containsExactly(List.of("0", "1", "2", "3", "4"));
		assertThat(this.windows.get(0).endedAt()).isEqualTo(ManualClock.START.plusSeconds(5));
	}

	@Test
	void windowEndsWithAsManyEventsAsItMayHaveAlsoWithinABatch() throws Exception {
		AggregationNode node = node(words(tumbling()).maxEvents(2));
		node.publish(word("a"), word("b"), word("c"), word("d"), word("e"));
		assertThat(results(node)).containsExactly(List.of("a", "b"), List.of("c", "d"));
		assertThat(this.windows).extracting(AggregationWindow::end).containsOnly(AggregationWindow.End.EVENTS);
		node.publish(word("f"));
		assertThat(results(node)).endsWith(List.of("e", "f"));
	}

	@Test
	void windowEndsInFrontOfTheEventThatItHasNoRoomFor() throws Exception {
		AggregationNode node = node(words(tumbling()).maxBytes("{'words':['aaaaa','bbbbb']}".length()));
		node.publish(word("aaaaa"), word("bbbbb"));
		assertThat(results(node)).isEmpty();
		node.publish(word("c"), word("ddddd"), word("eeeee"));
		assertThat(results(node)).containsExactly(List.of("aaaaa", "bbbbb"), List.of("c", "ddddd"));
		assertThat(this.windows).extracting(AggregationWindow::end).contains(AggregationWindow.End.SIZE);
		pass(10_000);
		node.sweep();
		assertThat(results(node)).endsWith(List.of("eeeee"));
	}

	@Test
	void eventThatIsTooLargeIsInAWindowOfItsOwn() throws Exception {
		AggregationNode node = node(words(tumbling()).maxBytes(30));
		String large = "x".repeat(100);
		node.publish(word("a"), word(large), word("b"));
		assertThat(results(node)).containsExactly(List.of("a"), List.of(large));
		pass(10_000);
		node.sweep();
		assertThat(results(node)).containsExactly(List.of("a"), List.of(large), List.of("b"));
	}

	@Test
	void whatIsStoredIsBounded() throws Exception {
		AggregationNode node = node(words(tumbling()).maxEvents(1_000_000).maxBytes(1 << 19));
		for (int i = 0; i < 300; i++) {
			node.publish(IntStream.range(0, 100).mapToObj((j) -> word("x".repeat(20))).toArray(Event<?>[]::new));
		}
		assertThat(stored().state().data().length()).isLessThan(ProcessState.MAX_DATA);
		pass(10_000);
		node.sweep();
		assertThat(this.windows).extracting(AggregationWindow::events)
			.satisfies((events) -> assertThat(events.stream().mapToInt(Integer::intValue).sum())
				.isGreaterThanOrEqualTo(30_000));
	}

	@Test
	void eventAfterTheEndOpensTheNextWindowAlsoWhenNobodyHasLookedYet() throws Exception {
		AggregationNode node = node(words(tumbling()));
		node.publish(word("a"));
		pass(10_000);
		node.publish(word("b"));
		assertThat(results(node)).containsExactly(List.of("a"));
		pass(10_000);
		node.sweep();
		assertThat(results(node)).containsExactly(List.of("a"), List.of("b"));
	}

	@Test
	void eventWhoseAnswerIsLostIsAddedOnceWithoutAFailedAttempt() throws Exception {
		AggregationNode node = new AggregationNode(new AnswersLost(this.store, 1), this.clock::nanoTime,
				words(tumbling()).publishAs("words", (words, window) -> words.getWords()));
		node.publish(word("a"));
		pass(10_000);
		node.sweep();
		assertThat(results(node)).containsExactly(List.of("a"));
		assertThat(node.stats().duplicates()).isEqualTo(1);
	}

	@Test
	void eventThatComesAgainIsNotAddedAgain() throws Exception {
		AggregationNode node = node(words(tumbling()).maxEvents(3));
		List<StoredEvent> first = node.publish(word("a"), word("b"));
		node.deliver(first);
		// ends the window
		List<StoredEvent> second = node.publish(word("c"));
		node.deliver(second);
		node.deliver(first);
		List<StoredEvent> both = node.append(word("d"));
		node.deliver(List.of(first.get(1), both.get(0), both.get(0)));
		pass(60_000);
		node.sweep();
		node.deliver(first);
		pass(60_000);
		node.sweep();
		assertThat(results(node)).containsExactly(List.of("a", "b", "c"), List.of("d"));
		assertThat(node.stats().duplicates()).isEqualTo(9);
		assertThat(node.stats().events()).isEqualTo(4);
	}

	@Test
	void resultsOfItsOwnAndEventsWithoutAKeyArePassedOver() throws Exception {
		AggregationNode node = node(words(tumbling()).maxEvents(1));
		node.publish(word("a"), Event.of("word", "no key"));
		StoredEvent result = this.store.log().read(0, this.store.log().head(), 10).get(2);
		assertThat(result.event().type()).isEqualTo("words");
		node.deliver(List.of(result));
		assertThat(results(node)).containsExactly(List.of("a"));
		assertThat(node.stats().ignored()).isEqualTo(2);
	}

	@Test
	void resultBelongsToWhatItsEventsBelongTo() throws Exception {
		AggregationNode node = node(words(tumbling()).maxEvents(2));
		Event<?> last = word("b").withOrganization("acme").withCorrelationId("c-1");
		node.publish(word("a").withOrganization("acme").withCorrelationId("c-1"), last);
		node.publish(word("c").withOrganization("acme"), word("d").withOrganization("other"));
		List<Event<Object>> results = node.published("words");
		assertThat(results.get(0).organization()).isEqualTo("acme");
		assertThat(results.get(0).correlationId()).isEqualTo("c-1");
		assertThat(results.get(0).causationId()).isEqualTo(last.id().toString());
		assertThat(results.get(0).key()).isEqualTo("k");
		assertThat(results.get(0).source()).isEqualTo("test");
		assertThat(results.get(1).organization()).isNull();
		assertThat(results.get(1).correlationId()).isEqualTo(results.get(1).id().toString());
	}

	@Test
	void nothingIsPublishedWhereTheResultIsNull() throws Exception {
		AggregationNode node = new AggregationNode(this.store, this.clock::nanoTime, words(tumbling()).maxEvents(2)
			.publishAs("words", (words, window) -> words.getWords().contains("x") ? null : words.getWords()));
		node.publish(word("x"), word("y"), word("z"));
		pass(10_000);
		node.sweep();
		assertThat(results(node)).containsExactly(List.of("z"));
		assertThat(node.stats().ended()).isEqualTo(2);
	}

	@Test
	void whatOneEventBreaksDoesNotConcernOtherKeys() throws Exception {
		AggregationNode node = new AggregationNode(this.store, this.clock::nanoTime,
				tumbling().into(Words.class, Words::new, (words, event) -> {
					if (event.data().equals("bad")) {
						throw new IllegalArgumentException("bad");
					}
					return words.with(event.data());
				}).publishAs("words", (words, window) -> words.getWords()));
		List<StoredEvent> stored = node.append(word("a"), word("bad"), Event.of("word", "b").withKey("other"));
		assertThatExceptionOfType(IllegalArgumentException.class).isThrownBy(() -> node.deliver(stored));
		// as the engine does it then
		node.deliver(stored.subList(0, 1));
		assertThatExceptionOfType(IllegalArgumentException.class).isThrownBy(() -> node.deliver(stored.subList(1, 2)));
		node.deliver(stored.subList(2, 3));
		pass(10_000);
		node.sweep();
		assertThat(results(node)).containsExactlyInAnyOrder(List.of("a"), List.of("b"));
	}

	@Test
	void keyThatCannotBeStoredIsTheFaultOfTheEvent() {
		AggregationNode node = node(words(timing().by((event) -> " ").tumbling(Duration.ofSeconds(1))));
		assertThatExceptionOfType(NonRetryableEventException.class).isThrownBy(() -> node.publish(word("a")))
			.withMessageContaining("The key that aggregation 'words' finds in event");
	}

	@Test
	void whatCannotBeWrittenIsTheFaultOfTheEvent() throws Exception {
		AggregationNode node = new AggregationNode(this.store, this.clock::nanoTime,
				tumbling().into(Holder.class, () -> new Holder(List.of()), (holder, event) -> holder.with(event.data()))
					.publishAs("words", (holder, window) -> holder.values()));
		node.publish(word("a"));
		assertThatExceptionOfType(InvalidEventException.class).isThrownBy(() -> node.publish(word("bad")));
		pass(10_000);
		node.sweep();
		assertThat(results(node)).containsExactly(List.of("a"));
	}

	/** What is gathered, and cannot be written as soon as it is bad. */
	record Holder(List<Object> values) {

		Holder with(Object value) {
			List<Object> all = new ArrayList<>(this.values);
			all.add(value.equals("bad") ? new Unwritable() : value);
			return new Holder(all);
		}

	}

	static final class Unwritable {

		public String getValue() {
			throw new IllegalStateException("cannot be written");
		}

	}

	@Test
	void windowWhoseResultFailsStaysUntilItSucceeds() throws Exception {
		boolean[] broken = { true };
		AggregationNode node = new AggregationNode(this.store, this.clock::nanoTime,
				words(tumbling()).publishAs("words", (words, window) -> {
					if (broken[0]) {
						throw new IllegalStateException("broken");
					}
					return words.getWords();
				}));
		node.publish(word("a"));
		pass(10_000);
		node.sweep();
		assertThat(node.stats().failed()).isEqualTo(1);
		assertThat(WindowData.read(stored().state().data()).failure()).contains("broken");
		assertThatIllegalStateException().isThrownBy(() -> node.publish(word("b")));
		pass(999);
		broken[0] = false;
		node.sweep();
		assertThat(results(node)).isEmpty();
		pass(1);
		node.sweep();
		assertThat(results(node)).containsExactly(List.of("a"));
		assertThat(node.stats().failed()).isZero();
	}

	@Test
	void whatSomebodyElseHasWrittenStopsNobody() throws Exception {
		AggregationNode node = node(words(tumbling()));
		this.store.processes()
			.commit(new ProcessChange("aggregation.words", "k", ProcessChange.NOT_THERE,
					new ProcessState("OPEN", "{", ManualClock.START), List.of()));
		node.publish(Event.of("word", "a").withKey("other"));
		assertThatIllegalStateException().isThrownBy(() -> node.publish(word("b")))
			.withMessageContaining("not one that this library has written");
		pass(10_000);
		node.sweep();
		assertThat(results(node)).containsExactly(List.of("a"));
		assertThat(node.stats().failed()).isEqualTo(1);
	}

	@Test
	void windowsOfADefinitionThatIsGoneStayUntilItComesBack() throws Exception {
		AggregationNode node = node(words(tumbling()));
		node.publish(word("a"));
		node.close();
		pass(60_000);
		node.sweep();
		assertThat(results(node)).isEmpty();
		assertThat(node.stats().registered()).isFalse();
		assertThat(node.stats().open()).isEqualTo(1);
		AggregationNode back = node(words(timing().tumbling(Duration.ofHours(1))));
		back.sweep();
		assertThat(results(back)).containsExactly(List.of("a"));
	}

	@Test
	void keyIsForgottenWhenTheSubscriptionIsPastItsEvents() throws Exception {
		AggregationNode node = node(words(tumbling()).maxEvents(1));
		List<StoredEvent> stored = node.publish(word("a"));
		assertThat(node.stats().remembered()).isEqualTo(1);
		// the event may come again
		for (int i = 0; i < 10; i++) {
			pass(600_000);
			node.sweep();
		}
		assertThat(node.stats().remembered()).isEqualTo(1);
		assertThat(stored().state().dueAt()).isEqualTo(this.clock.instant().plusSeconds(600));
		AggregationNode.save(this.store, node.lease(), stored.get(0).position());
		pass(600_000);
		node.sweep();
		assertThat(this.store.processes().counts()).isEmpty();
	}

	@Test
	void keyIsForgottenAtTheEndOfItsWindowWhenTheSubscriptionIsPastItsEvents() throws Exception {
		AggregationNode node = node(words(tumbling()));
		node.publish(word("a"));
		AggregationNode.save(this.store, node.lease(), this.store.log().head());
		pass(10_000);
		node.sweep();
		assertThat(results(node)).containsExactly(List.of("a"));
		assertThat(this.store.processes().counts()).isEmpty();
	}

	/** One delivery that always fails must not keep the rows of all other keys. */
	@Test
	void keysAreForgottenAlthoughSomethingElseIsParked() throws Exception {
		AggregationNode node = node(words(tumbling()));
		StoredEvent parked = node.append(word("bad")).get(0);
		StoredEvent dead = node.append(word("very bad")).get(0);
		AggregationNode.save(this.store, node.lease(), dead.position(), AggregationNode.park(parked),
				AggregationNode.bury(dead));
		for (int i = 0; i < 100; i++) {
			node.publish(Event.of("word", "a").withKey("key-" + i));
		}
		goOn(node, node.lease());
		assertThat(results(node)).hasSize(100);
		assertThat(this.store.processes().counts()).isEmpty();
	}

	/** A busy key keeps no more either. */
	@Test
	void eventsOfABusyKeyAreForgottenAlthoughSomethingElseIsParked() throws Exception {
		AggregationNode node = node(words(tumbling()).maxEvents(50));
		StoredEvent parked = node.append(word("bad")).get(0);
		AggregationNode.save(this.store, node.lease(), parked.position(), AggregationNode.park(parked));
		int longest = 0;
		for (int i = 0; i < 100; i++) {
			node.publish(IntStream.range(0, 100).mapToObj((j) -> word("a")).toArray(Event<?>[]::new));
			AggregationNode.save(this.store, node.lease(), this.store.log().head());
			pass(1000);
			longest = Math.max(longest, stored().state().data().length());
		}
		assertThat(longest).isLessThan(30_000);
		pass(600_000);
		node.sweep();
		assertThat(results(node)).hasSize(200);
		assertThat(this.store.processes().counts()).isEmpty();
	}

	/**
	 * The store has failed just when the answer was to come, until nobody tried again.
	 */
	@Test
	void eventThatWasAddedAndBecameADeadLetterIsNotAddedAgain() throws Exception {
		AggregationNode node = node(words(tumbling()));
		StoredEvent dead = node.publish(word("a")).get(0);
		List<StoredEvent> others = node.publish(word("b"), word("c"));
		AggregationNode.save(this.store, node.lease(), others.get(1).position(), AggregationNode.bury(dead));
		goOn(node, node.lease());
		assertThat(results(node)).containsExactly(List.of("a", "b", "c"));
		this.store.deliveries().retry(DeadLetters.Filter.all());
		node.deliver(node.lease(), true, List.of(dead));
		AggregationNode.save(this.store, node.lease(), 0, new DeliveryChange.Complete(dead.position()));
		goOn(node, node.lease());
		assertThat(results(node)).containsExactly(List.of("a", "b", "c"));
		assertThat(this.store.processes().counts()).isEmpty();
	}

	/**
	 * A node takes an event and sleeps; meanwhile another one adds the event, the window
	 * ends and all is forgotten.
	 */
	@Test
	void nodeThatWakesUpWithoutItsLeaseAddsNothing() throws Exception {
		AggregationNode sleeping = node(words(tumbling()));
		List<StoredEvent> taken = sleeping.append(word("a"));
		Lease stale = sleeping.lease();
		Lease next = sleeping.lose();
		AggregationNode other = node(words(tumbling()));
		other.deliver(next, false, taken);
		AggregationNode.save(this.store, next, taken.get(0).position());
		goOn(other, next);
		assertThat(results(other)).containsExactly(List.of("a"));
		assertThat(this.store.processes().counts()).isEmpty();
		assertThatExceptionOfType(DeliveryOverException.class).isThrownBy(() -> sleeping.deliver(stale, false, taken));
		pass(600_000);
		other.sweep();
		assertThat(results(other)).containsExactly(List.of("a"));
	}

	@Test
	void keyWaitsWhenNothingIsSavedForALongTime() throws Exception {
		AggregationNode node = node(words(tumbling()).maxEvents(1_000_000).maxBytes(1 << 19));
		List<StoredEvent> far = node.append(word("x"));
		// as positions would be that lie far from one another
		List<StoredEvent> stored = IntStream.range(0, 40_000)
			.mapToObj((i) -> new StoredEvent((i + 1) * 1_000_000L, far.get(0).event()))
			.toList();
		node.deliver(stored.subList(0, 10_000));
		assertThatExceptionOfType(RetryLaterException.class).isThrownBy(() -> node.deliver(stored))
			.withMessageContaining("cannot add more events for k until the subscription has saved how far it is");
		AggregationNode.save(this.store, node.lease(), stored.get(9_999).position());
		pass(1000);
		node.deliver(stored.subList(10_000, 20_000));
		assertThat(node.stats().events()).isEqualTo(20_000);
	}

	@Test
	void windowThatRemembersIdsGoesOn() throws Exception {
		AggregationNode node = node(words(tumbling()));
		node.publish(word("a"));
		ProcessRecord known = stored();
		String before = known.state()
			.data()
			.replaceFirst("\"added\":\\{.*?}}", "\"handled\":{\"recent\":\"\",\"head\":1}");
		assertThat(before).contains("handled").doesNotContain("added");
		this.store.processes()
			.commit(new ProcessChange(known.process(), known.key(), known.version(),
					new ProcessState("OPEN", before, known.state().dueAt()), List.of()));
		node.publish(word("b"));
		pass(10_000);
		node.sweep();
		assertThat(results(node)).containsExactly(List.of("a", "b"));
	}

	@Test
	void whatCannotBeReadAgainIsNotLostWithoutAWord() {
		AggregationNode node = new AggregationNode(this.store, this.clock::nanoTime,
				tumbling().into(WriteOnly.class, WriteOnly::new, (words, event) -> words.with(event.data()))
					.publishAs("words", (words, window) -> words.getWords()));
		assertThatIllegalStateException().isThrownBy(() -> node.publish(word("a")))
			.withMessageContaining("WriteOnly, is not the same when it was written as JSON and read again");
	}

	/** What is gathered, and Jackson does not know how to read. */
	static class WriteOnly {

		private final List<Object> words = new ArrayList<>();

		public List<Object> getWords() {
			return this.words;
		}

		WriteOnly with(Object word) {
			this.words.add(word);
			return this;
		}

	}

	@Test
	void dataIsReadAsTheClassThatIsAskedFor() throws Exception {
		AggregationNode node = new AggregationNode(this.store, this.clock::nanoTime,
				Aggregation.named("sums")
					.on(Amount.class, "amount")
					.tumbling(Duration.ofSeconds(1))
					.into(Amount.class, () -> new Amount(0), (sum, event) -> sum.plus(event.data()))
					.maxEvents(2)
					.publishAs("sum", (sum, window) -> Map.of("sum", sum.value())));
		node.publish(Event.of("amount", new Amount(3)).withKey("k"), Event.of("amount", new Amount(4)).withKey("k"));
		assertThat(node.published("sum")).extracting(Event::data).containsExactly(Map.of("sum", 7));
	}

	record Amount(int value) {

		Amount plus(Amount other) {
			return new Amount(this.value + other.value);
		}

	}

}
