package dev.events.test.store;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Stream;

import dev.events.EventPattern;
import dev.events.StartPosition;
import dev.events.store.EventCriteria;
import dev.events.store.EventRecord;
import dev.events.store.EventSelection;
import dev.events.store.ExpiredPage;
import dev.events.store.Expiry;
import dev.events.store.LogSegment;
import dev.events.store.StoredEvent;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Deleting from the log, and reading where something was deleted.
 */
abstract class DeletionContract extends StoreContract {

	private static final Instant NOON = Instant.parse("2026-03-01T12:00:00Z");

	private static EventSelection events(String type, String... except) {
		return new EventSelection(EventPattern.of(type), Stream.of(except).map(EventPattern::of).toList());
	}

	private static Expiry expiry(EventSelection events, @Nullable Instant before) {
		return new Expiry(events, before, 0);
	}

	private StoredEvent at(String type, Instant timestamp) {
		return appended(EventRecords.event(type).timestamp(timestamp).build());
	}

	private List<StoredEvent> some(int count) {
		return appended(EventRecords.events(count));
	}

	private void delete(List<StoredEvent> events) {
		assertThat(this.store.log().delete(events.stream().map(StoredEvent::position).toList()))
			.isEqualTo(events.size());
	}

	@Test
	void deletedEventIsGoneForGood() {
		List<StoredEvent> events = some(3);
		StoredEvent gone = events.get(1);
		assertThat(this.store.log().delete(List.of(gone.position(), 1_000_000L))).isEqualTo(1);
		assertThat(this.store.log().delete(List.of(gone.position()))).isZero();
		assertThat(this.store.log().delete(List.of())).isZero();
		assertThat(this.store.log().find(gone.event().id())).isEmpty();
		assertThat(this.store.log().readAll(List.of(gone.position(), events.get(2).position())))
			.containsExactly(events.get(2));
		assertThat(this.store.log().query(EventCriteria.ALL, 10)).containsExactly(events.get(0), events.get(2));
		assertThat(this.store.log().read(0, this.store.log().head(), 10)).containsExactly(events.get(0), events.get(2));
		assertThat(this.store.log().follow(0, 10).events()).containsExactly(events.get(0), events.get(2));
	}

	@Test
	void headStaysAndPositionsGoOn() {
		List<StoredEvent> events = some(10);
		delete(events.subList(0, 9));
		assertThat(this.store.log().head()).isEqualTo(events.get(9).position());
		StoredEvent next = appended(EventRecords.event("a", null));
		assertThat(next.position()).isGreaterThan(events.get(9).position());
		assertThat(this.store.log().follow(0, 10).events()).containsExactly(events.get(9), next);
		assertThat(this.store.log().follow(events.get(9).position(), 10).events()).containsExactly(next);
	}

	@Test
	void deletedIdIsStoredAgain() {
		List<StoredEvent> events = some(2);
		UUID id = events.get(0).event().id();
		EventRecord again = EventRecords.event("again").id(id).build();
		delete(events.subList(0, 1));
		StoredEvent stored = appended(again);
		assertThat(stored.position()).isGreaterThan(events.get(1).position());
		assertThat(this.store.log().find(id)).contains(stored);
	}

	/** What is deleted must not be taken for what is still to come. */
	@Test
	void readersPassOverWhatIsDeleted() {
		List<StoredEvent> events = some(3_000);
		List<StoredEvent> gone = new ArrayList<>(events.subList(0, 1_500));
		for (int i = 1_500; i < 2_900; i += 2) {
			gone.add(events.get(i));
		}
		delete(gone);
		List<StoredEvent> left = new ArrayList<>(events);
		left.removeAll(Set.copyOf(gone));
		List<StoredEvent> followed = new ArrayList<>();
		long after = 0;
		for (LogSegment segment = this.store.log().follow(after, 100); !segment.events()
			.isEmpty(); segment = this.store.log().follow(after, 100)) {
			followed.addAll(segment.events());
			assertThat(segment.settled()).isGreaterThan(after);
			after = segment.settled();
		}
		assertThat(followed).containsExactlyElementsOf(left);
		assertThat(this.store.log().follow(after, 100).more()).isFalse();
		List<StoredEvent> read = new ArrayList<>();
		List<StoredEvent> page = this.store.log().read(0, events.get(2_999).position(), 100);
		while (!page.isEmpty()) {
			read.addAll(page);
			page = this.store.log().read(page.get(page.size() - 1).position(), events.get(2_999).position(), 100);
		}
		assertThat(read).containsExactlyElementsOf(left);
	}

	@Test
	void newSubscriptionAtTheBeginningGetsWhatIsLeft() {
		List<StoredEvent> events = some(10);
		delete(events.subList(0, 5));
		this.store.subscriptions().register(subscription("s", 1), StartPosition.BEGINNING);
		long position = cursor(partitions("s", 1).get(0)).position();
		assertThat(position).isLessThan(events.get(5).position());
		assertThat(this.store.log().follow(position, 10).events()).containsExactlyElementsOf(events.subList(5, 10));
	}

	@Test
	void expiredIsWhatIsOlderOfTheSelectedTypes() {
		StoredEvent old = at("a.x", NOON.minusSeconds(1));
		StoredEvent other = at("b", NOON.minusSeconds(1));
		StoredEvent excepted = at("a.y", NOON.minusSeconds(1));
		StoredEvent young = at("a.x", NOON);
		StoredEvent late = at("a.z", NOON.minusSeconds(9));
		long head = this.store.log().head();
		assertThat(this.store.log().expired(expiry(events("a.*", "a.y"), NOON), 0, head, 100))
			.isEqualTo(new ExpiredPage(List.of(old.position(), late.position()), young.position(), head));
		assertThat(this.store.log().expired(expiry(events("**"), NOON), old.position(), excepted.position(), 100))
			.isEqualTo(new ExpiredPage(List.of(other.position(), excepted.position()), 0, excepted.position()));
		assertThat(this.store.log().expired(new Expiry(events("**"), null, other.position()), 0, head, 100).positions())
			.containsExactly(old.position(), other.position());
		assertThat(this.store.log().follow(0, 10).events()).hasSize(5);
	}

	@Test
	void noMoreIsLookedAtThanWanted() {
		List<StoredEvent> events = some(10);
		delete(events.subList(2, 4));
		Expiry none = expiry(events("other"), NOON);
		assertThat(this.store.log().expired(none, 0, events.get(9).position(), 3))
			.isEqualTo(new ExpiredPage(List.of(), 0, events.get(4).position()));
		assertThat(this.store.log().expired(none, events.get(4).position(), events.get(9).position(), 6).reached())
			.isEqualTo(events.get(9).position());
	}

	@Test
	void newestIsFoundBehindSoManyNewerOnes() {
		List<StoredEvent> mine = new ArrayList<>();
		for (int i = 0; i < 700; i++) {
			mine.add(at("a.x", NOON));
			if (i % 3 == 0) {
				at("a.y", NOON);
				at("b", NOON);
			}
		}
		EventSelection selection = events("a.*", "a.y");
		assertThat(this.store.log().newest(selection, 0)).isEqualTo(mine.get(699).position());
		assertThat(this.store.log().newest(selection, 650)).isEqualTo(mine.get(49).position());
		assertThat(this.store.log().newest(selection, 699)).isEqualTo(mine.get(0).position());
		assertThat(this.store.log().newest(selection, 700)).isZero();
		assertThat(this.store.log().newest(events("**"), 0)).isEqualTo(this.store.log().head());
		assertThat(this.store.log().newest(events("a.x"), 10)).isEqualTo(mine.get(689).position());
	}

}
