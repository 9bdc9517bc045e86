package dev.events.test.store;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.UUID;
import java.util.stream.LongStream;
import java.util.stream.Stream;

import dev.events.DeadLetters;
import dev.events.store.DeliveryChange;
import dev.events.store.DeliveryCounts;
import dev.events.store.Lease;
import dev.events.store.PartitionId;
import dev.events.store.StoredDelivery;
import dev.events.store.StoredEvent;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Reading dead letters.
 */
abstract class DeadLetterContract extends DeliveryContract {

	@Test
	void listIsById() {
		List<UUID> ids = buriedInReverse(5);
		assertThat(deadLetters()).extracting(StoredDelivery::id).containsExactlyElementsOf(ids);
	}

	@Test
	void pagesMeetWithoutGap() {
		List<UUID> ids = buriedInReverse(10);
		List<UUID> read = new ArrayList<>();
		UUID after = null;
		List<StoredDelivery> page;
		do {
			page = this.store.deliveries().deadLetters(ALL, after, 3);
			assertThat(page).hasSizeLessThanOrEqualTo(3);
			page.forEach((deadLetter) -> read.add(deadLetter.id()));
			after = page.isEmpty() ? null : page.get(page.size() - 1).id();
		}
		while (!page.isEmpty());
		assertThat(read).isEqualTo(ids);
	}

	@Test
	void pageGoesOnAfterOneThatIsGone() {
		List<UUID> ids = buriedInReverse(4);
		assertThat(this.store.deliveries().discard(ids.get(1))).isTrue();
		assertThat(this.store.deliveries().deadLetters(ALL, ids.get(1), 10)).extracting(StoredDelivery::id)
			.containsExactly(ids.get(2), ids.get(3));
	}

	@Test
	void onlyTheDeadAreDeadLetters() {
		StoredEvent parkedEvent = event("a");
		StoredEvent queuedEvent = event("b");
		DeliveryChange.Park park = park(parkedEvent, Duration.ZERO);
		DeliveryChange.Queue queue = queue(queuedEvent);
		checkpoint(park, queue);
		UUID dead = buried("c", true);
		UUID skipped = buried("d", true);
		UUID discarded = buried("e", true);
		assertThat(this.store.deliveries().skip(skipped)).isTrue();
		assertThat(this.store.deliveries().discard(discarded)).isTrue();
		assertThat(deadLetters()).extracting(StoredDelivery::id).containsExactly(dead, skipped);
		assertThat(this.store.deliveries().countDeadLetters(ALL)).isEqualTo(2);
		for (UUID id : List.of(park.id(), queue.id(), discarded, UUID.randomUUID())) {
			assertThat(this.store.deliveries().findDeadLetter(id)).isEmpty();
		}
	}

	@Test
	void tellsOfWhichEventsThereIsADelivery() {
		StoredEvent parked = event("a");
		StoredEvent queued = event("a");
		StoredEvent dead = event("b");
		StoredEvent skipped = event("c");
		StoredEvent done = event("d");
		StoredEvent never = event("e");
		DeliveryChange.Bury bury = bury(skipped, true);
		checkpoint(park(parked, Duration.ofHours(1)), queue(queued), bury(dead, false), bury,
				park(done, Duration.ofHours(1)));
		checkpoint(new DeliveryChange.Complete(done.position()));
		assertThat(this.store.deliveries().skip(bury.id())).isTrue();
		List<Long> all = Stream.of(parked, queued, dead, skipped, done, never).map(StoredEvent::position).toList();
		assertThat(this.store.deliveries().stored(SUBSCRIPTION, all)).containsExactlyInAnyOrder(parked.position(),
				queued.position(), dead.position(), skipped.position());
		assertThat(this.store.deliveries().stored(SUBSCRIPTION, List.of(done.position()))).isEmpty();
		assertThat(this.store.deliveries().stored(SUBSCRIPTION, List.of())).isEmpty();
		assertThat(this.store.deliveries().stored("another", all)).isEmpty();
		List<Long> many = new ArrayList<>(LongStream.range(1_000_000, 1_002_500).boxed().toList());
		many.add(dead.position());
		assertThat(this.store.deliveries().stored(SUBSCRIPTION, many)).containsExactly(dead.position());
	}

	@Test
	void filters() {
		register("billing", 1);
		Lease billing = claimed("node-1", new PartitionId("billing", 0));
		StoredEvent created = event("k");
		StoredEvent clicked = appended(EventRecords.event("user.activity.click", "k"));
		StoredEvent task = appended(EventRecords.event("task_manager:task_created", "k"));
		StoredEvent similar = appended(EventRecords.event("taskXmanager:task_created", "k"));
		checkpoint(bury(created, false), bury(clicked, true));
		checkpoint(billing, 0, bury(created, false), bury(task, false), bury(similar, false));
		assertMatches(ALL, created, clicked, created, task, similar);
		assertMatches(ALL.subscription("billing"), created, task, similar);
		assertMatches(ALL.subscription("unknown"));
		assertMatches(ALL.type("user.created"), created, created);
		assertMatches(ALL.type("user.**"), created, clicked, created);
		assertMatches(ALL.type("user.*").subscription(SUBSCRIPTION), created);
		assertMatches(ALL.type("task_manager:*"), task);
		assertMatches(ALL.type("*.*.click"), clicked);
		assertMatches(ALL.type("none"));
	}

	@Test
	void pagesOfAFilter() {
		List<UUID> matching = new ArrayList<>();
		for (int i = 0; i < 12; i++) {
			String type = (i % 3 == 0) ? "user.created" : "order.created";
			UUID id = buried(EventRecords.event(type, null), false);
			if (i % 3 == 0) {
				matching.add(id);
			}
		}
		DeadLetters.Filter filter = ALL.type("user.*");
		assertThat(this.store.deliveries().deadLetters(filter, null, 3)).extracting(StoredDelivery::id)
			.isEqualTo(matching.subList(0, 3));
		assertThat(this.store.deliveries().deadLetters(filter, matching.get(2), 3)).extracting(StoredDelivery::id)
			.isEqualTo(matching.subList(3, 4));
	}

	@Test
	void countsOfEverySubscription() {
		register("billing", 1);
		register("idle", 1);
		checkpoint(claimed("node-1", new PartitionId("billing", 0)), 0, bury(event("k"), false));
		checkpoint(park(event("a"), LONG), queue(event("a")), bury(event("b"), false), bury(event("c"), true));
		assertThat(this.store.deliveries().skip(buried("d", true))).isTrue();
		assertThat(this.store.deliveries().discard(buried("e", true))).isTrue();
		assertThat(this.store.deliveries().counts()).containsExactlyInAnyOrder(new DeliveryCounts(SUBSCRIPTION, 4, 3),
				new DeliveryCounts("billing", 0, 1));
	}

	/** Dead letters, stored in the reverse order of the ids that are returned. */
	private List<UUID> buriedInReverse(int count) {
		List<UUID> ids = new ArrayList<>();
		for (int i = 0; i < count; i++) {
			ids.add(EventRecords.nextId());
		}
		List<UUID> reversed = new ArrayList<>(ids);
		Collections.reverse(reversed);
		for (UUID id : reversed) {
			StoredEvent event = event("k" + id);
			checkpoint(new DeliveryChange.Bury(id, event.event(), event.position(), 1, FAILURE, false));
		}
		return ids;
	}

	private void assertMatches(DeadLetters.Filter filter, StoredEvent... expected) {
		assertThat(this.store.deliveries().deadLetters(filter, null, 100)).extracting(StoredDelivery::event)
			.containsExactlyElementsOf(List.of(expected).stream().map(StoredEvent::event).toList());
		assertThat(this.store.deliveries().countDeadLetters(filter)).isEqualTo(expected.length);
	}

}
