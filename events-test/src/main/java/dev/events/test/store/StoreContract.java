package dev.events.test.store;

import java.time.Duration;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;

import dev.events.StartPosition;
import dev.events.store.CursorState;
import dev.events.store.EventRecord;
import dev.events.store.EventStore;
import dev.events.store.Lease;
import dev.events.store.PartitionId;
import dev.events.store.StoredEvent;
import dev.events.store.SubscriptionRecord;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What the parts of the contract share: an empty store for each test, and short ways to
 * fill it. Durations are either so long that they cannot pass while a test runs, or
 * {@link #SHORT} and let pass by {@link #letShortTimePass}.
 */
abstract class StoreContract {

	static final Duration LONG = Duration.ofMinutes(10);

	static final Duration SHORT = Duration.ofMillis(300);

	EventStore store;

	private StoreFixture fixture;

	abstract StoreFixture fixture();

	@BeforeEach
	void openStore() {
		this.fixture = fixture();
		this.store = this.fixture.store();
	}

	@AfterEach
	void closeStore() {
		this.fixture.close();
	}

	final void advance(Duration duration) {
		this.fixture.advance(duration);
	}

	final Duration patience() {
		return this.fixture.patience();
	}

	final void letShortTimePass() {
		advance(Duration.ofMillis(400));
	}

	final StoredEvent appended(EventRecord event) {
		return appended(List.of(event)).get(0);
	}

	final List<StoredEvent> appended(List<EventRecord> events) {
		List<Long> positions = this.store.log().append(events);
		assertThat(positions).hasSameSizeAs(events).allMatch((position) -> position > 0);
		return IntStream.range(0, events.size())
			.mapToObj((i) -> new StoredEvent(positions.get(i), events.get(i)))
			.toList();
	}

	static SubscriptionRecord subscription(String id, int partitions) {
		return new SubscriptionRecord(id, List.of("**"), "method", "{}", true, null, "code", partitions);
	}

	final void register(String id, int partitions) {
		this.store.subscriptions().register(subscription(id, partitions), StartPosition.BEGINNING);
	}

	static List<PartitionId> partitions(String subscription, int count) {
		return IntStream.range(0, count).mapToObj((partition) -> new PartitionId(subscription, partition)).toList();
	}

	final Lease claimed(String node, PartitionId partition) {
		return claimed(node, List.of(partition), LONG).get(0);
	}

	/** Leases of partitions that are all to be got, by number. */
	final List<Lease> claimed(String node, Collection<PartitionId> partitions, Duration duration) {
		List<Lease> leases = this.store.cursors().claim(node, partitions, duration);
		assertThat(leases).extracting(Lease::partition).containsExactlyInAnyOrderElementsOf(partitions);
		assertThat(leases).allMatch((lease) -> lease.node().equals(node));
		return leases.stream().sorted(Comparator.comparingInt((lease) -> lease.partition().partition())).toList();
	}

	final CursorState cursor(PartitionId partition) {
		return this.store.cursors()
			.list()
			.stream()
			.filter((cursor) -> cursor.partition().equals(partition))
			.findFirst()
			.orElseThrow(() -> new AssertionError("There is no cursor " + partition));
	}

}
