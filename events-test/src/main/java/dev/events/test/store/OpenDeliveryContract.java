package dev.events.test.store;

import java.util.List;
import java.util.Optional;
import java.util.stream.LongStream;

import dev.events.StartPosition;
import dev.events.store.DeliveryChange;
import dev.events.store.DeliveryOverException;
import dev.events.store.EventRecord;
import dev.events.store.Lease;
import dev.events.store.OpenDelivery;
import dev.events.store.ProcessChange;
import dev.events.store.ProcessRecord;
import dev.events.store.ProcessState;
import dev.events.store.StoredEvent;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Which deliveries are stored, and that a process is changed by one only as long as it is
 * open.
 */
abstract class OpenDeliveryContract extends DeliveryContract {

	private static final String WINDOW = "window";

	private static final long NOT_THERE = ProcessChange.NOT_THERE;

	private final EventRecord result = EventRecords.event("test.happened", null);

	private Optional<ProcessRecord> find() {
		return this.store.processes().find(WINDOW, "1");
	}

	private long version() {
		return find().map(ProcessRecord::version).orElse(NOT_THERE);
	}

	private Optional<List<Long>> commit(long expected, @Nullable String data, OpenDelivery delivery,
			EventRecord... events) {
		ProcessState state = (data != null) ? new ProcessState("OPEN", data, null) : null;
		return this.store.processes()
			.commit(new ProcessChange(WINDOW, "1", expected, state, List.of(events), delivery));
	}

	private static OpenDelivery fromLog(Lease lease, StoredEvent event) {
		return new OpenDelivery(lease, event.position(), false);
	}

	private static OpenDelivery stored(Lease lease, StoredEvent event) {
		return new OpenDelivery(lease, event.position(), true);
	}

	/** Nothing is created, changed, deleted or appended. */
	private void assertIsOver(OpenDelivery delivery) {
		Optional<ProcessRecord> before = find();
		long head = this.store.log().head();
		for (long expected : new long[] { version(), NOT_THERE, 4711 }) {
			for (String data : new String[] { "late", null }) {
				assertThatExceptionOfType(DeliveryOverException.class)
					.isThrownBy(() -> commit(expected, data, delivery, this.result))
					.withMessageContaining(delivery.position() + " in " + delivery.lease().partition());
				assertThatExceptionOfType(DeliveryOverException.class)
					.isThrownBy(() -> commit(expected, data, delivery));
			}
		}
		assertThat(find()).isEqualTo(before);
		assertThat(this.store.log().head()).isEqualTo(head);
	}

	@Test
	void processIsChangedByADeliveryThatIsOpen() {
		StoredEvent event = event("a");
		assertThat(commit(NOT_THERE, "1", fromLog(this.lease, event))).isPresent();
		assertThat(commit(version(), "2", fromLog(this.lease, event), this.result)).isPresent();
		assertThat(find()).get().extracting((known) -> known.state().data()).isEqualTo("2");
		assertThat(this.store.log().find(this.result.id())).isPresent();
		assertThat(commit(NOT_THERE, "3", fromLog(this.lease, event))).isEmpty();
		assertThat(commit(4711, "3", fromLog(this.lease, event))).isEmpty();
		assertThat(commit(4711, null, fromLog(this.lease, event))).isEmpty();
		assertThat(commit(version(), null, fromLog(this.lease, event))).isPresent();
		assertThat(find()).isEmpty();
		assertThat(commit(NOT_THERE, "1", fromLog(this.lease, event), EventRecords.event("test.happened", null)))
			.isPresent();
	}

	@Test
	void deliveryIsOverWhenSomebodyElseHasThePartition() {
		StoredEvent event = event("a");
		OpenDelivery delivery = fromLog(this.lease, event);
		checkpoint(park(event, LONG));
		this.store.cursors().release(List.of(this.lease));
		assertIsOver(delivery);
		Lease next = claimed("node-2", PARTITION);
		assertIsOver(delivery);
		assertIsOver(stored(this.lease, event));
		assertThat(commit(NOT_THERE, "1", fromLog(next, event))).isPresent();
		assertIsOver(delivery);
		this.store.cursors().release(List.of(next));
		claimed("node-1", PARTITION);
		assertIsOver(delivery);
		assertIsOver(fromLog(next, event));
	}

	@Test
	void deliveryFromTheLogIsOverWhenTheCursorHasCome() {
		StoredEvent event = event("a");
		StoredEvent later = event("a");
		checkpoint(this.lease, event.position(), park(event, LONG));
		assertIsOver(fromLog(this.lease, event));
		assertThat(commit(NOT_THERE, "1", fromLog(this.lease, later))).isPresent();
		checkpoint(this.lease, later.position());
		assertIsOver(fromLog(this.lease, later));
	}

	@Test
	void storedDeliveryIsOverWhenItIsNotStoredAnyMore() {
		StoredEvent event = event("a");
		assertIsOver(stored(this.lease, event));
		checkpoint(this.lease, event.position(), park(event, LONG));
		assertThat(commit(NOT_THERE, "1", stored(this.lease, event))).isPresent();
		checkpoint(bury(event, false));
		assertThat(commit(version(), "2", stored(this.lease, event))).isPresent();
		checkpoint(new DeliveryChange.Complete(event.position()));
		assertIsOver(stored(this.lease, event));
	}

	@Test
	void deliveryOfASubscriptionThatIsGoneIsOver() {
		StoredEvent event = event("a");
		this.store.subscriptions().delete(SUBSCRIPTION);
		assertIsOver(fromLog(this.lease, event));
		register(SUBSCRIPTION, 1);
		assertIsOver(fromLog(this.lease, event));
	}

	@Test
	void deliveryIsOverWhenTheNumberOfPartitionsHasChanged() {
		StoredEvent event = event("a");
		this.store.subscriptions().register(subscription(SUBSCRIPTION, 3), StartPosition.BEGINNING);
		assertIsOver(fromLog(this.lease, event));
	}

	@Test
	void positionsOfStoredDeliveriesAreFound() {
		StoredEvent parked = event("a");
		StoredEvent queued = event("a");
		StoredEvent dead = event("b");
		StoredEvent holding = event("c");
		StoredEvent skipped = event("d");
		StoredEvent discarded = event("e");
		StoredEvent done = event("f");
		DeliveryChange.Bury skip = bury(skipped, true);
		DeliveryChange.Bury discard = bury(discarded, true);
		checkpoint(park(parked, LONG), queue(queued), bury(dead, false), bury(holding, true), skip, discard,
				park(done, LONG));
		this.store.deliveries().skip(skip.id());
		this.store.deliveries().discard(discard.id());
		checkpoint(new DeliveryChange.Complete(done.position()));
		List<Long> all = LongStream.rangeClosed(0, this.store.log().head() + 1000).boxed().toList();
		assertThat(this.store.deliveries().stored(SUBSCRIPTION, all)).containsExactlyInAnyOrder(parked.position(),
				queued.position(), dead.position(), holding.position(), skipped.position(), discarded.position());
		assertThat(this.store.deliveries().stored(SUBSCRIPTION, List.of(dead.position(), done.position())))
			.containsExactly(dead.position());
		assertThat(this.store.deliveries().stored("other", all)).isEmpty();
		assertThat(this.store.deliveries().stored(SUBSCRIPTION, List.of())).isEmpty();
	}

}
