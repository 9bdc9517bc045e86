package dev.events.test.store;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

import dev.events.DeadLetters;
import dev.events.store.Checkpoint;
import dev.events.store.DeliveryChange;
import dev.events.store.EventRecord;
import dev.events.store.Lease;
import dev.events.store.PartitionId;
import dev.events.store.StoredDelivery;
import dev.events.store.StoredEvent;
import org.junit.jupiter.api.BeforeEach;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What the parts about deliveries share: a subscription with one partition, and its
 * lease.
 */
abstract class DeliveryContract extends StoreContract {

	static final DeadLetters.Filter ALL = DeadLetters.Filter.all();

	static final String SUBSCRIPTION = "audit";

	static final PartitionId PARTITION = new PartitionId(SUBSCRIPTION, 0);

	static final DeliveryChange.Failure FAILURE = new DeliveryChange.Failure("java.lang.IllegalStateException",
			"it's \"broken\" 🎉 \\", "java.lang.IllegalStateException\n\tat Here.there(Here.java:1)");

	Lease lease;

	@BeforeEach
	void subscribe() {
		register(SUBSCRIPTION, 1);
		this.lease = claimed("node-1", PARTITION);
	}

	final void checkpoint(DeliveryChange... changes) {
		checkpoint(this.lease, 0, changes);
	}

	final void checkpoint(Lease lease, long position, DeliveryChange... changes) {
		assertThat(this.store.cursors().checkpoint(List.of(new Checkpoint(lease, position, List.of(changes)))))
			.isEmpty();
	}

	/** An event in the log. */
	final StoredEvent event(String key) {
		return appended(EventRecords.event("user.created", key));
	}

	static DeliveryChange.Park park(StoredEvent event, Duration retryIn) {
		return new DeliveryChange.Park(EventRecords.nextId(), event.event(), event.position(), 1, retryIn, FAILURE);
	}

	static DeliveryChange.Queue queue(StoredEvent event) {
		return new DeliveryChange.Queue(EventRecords.nextId(), event.event(), event.position());
	}

	static DeliveryChange.Bury bury(StoredEvent event, boolean holding) {
		return new DeliveryChange.Bury(EventRecords.nextId(), event.event(), event.position(), 3, FAILURE, holding);
	}

	/** A dead letter of a new event with this key, of which there is none before. */
	final UUID buried(String key, boolean holding) {
		return buried(EventRecords.event("user.created", key), holding);
	}

	final UUID buried(EventRecord event, boolean holding) {
		DeliveryChange.Bury bury = bury(appended(event), holding);
		checkpoint(bury);
		assertThat(this.store.deliveries().findDeadLetter(bury.id())).isPresent();
		return bury.id();
	}

	final List<StoredDelivery> due() {
		return this.store.deliveries().due(List.of(PARTITION), 1_000);
	}

	final StoredDelivery onlyDue() {
		List<StoredDelivery> due = due();
		assertThat(due).hasSize(1);
		return due.get(0);
	}

	final StoredDelivery deadLetter(UUID id) {
		Optional<StoredDelivery> deadLetter = this.store.deliveries().findDeadLetter(id);
		assertThat(deadLetter).isPresent();
		return deadLetter.orElseThrow();
	}

	final List<StoredDelivery> deadLetters() {
		return new ArrayList<>(this.store.deliveries().deadLetters(ALL, null, 1_000));
	}

	final List<StoredDelivery> queued(String key) {
		return this.store.deliveries().queued(PARTITION, key, 1_000).next();
	}

	final boolean blocked(String key) {
		return this.store.deliveries().queued(PARTITION, key, 1_000).blocked();
	}

}
