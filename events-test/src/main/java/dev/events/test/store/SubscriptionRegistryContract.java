package dev.events.test.store;

import java.util.List;

import dev.events.StartPosition;
import dev.events.store.CursorState;
import dev.events.store.Lease;
import dev.events.store.PartitionId;
import dev.events.store.SubscriptionRecord;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Registering, finding and deleting subscriptions.
 */
abstract class SubscriptionRegistryContract extends StoreContract {

	private static final SubscriptionRecord FULL = new SubscriptionRecord("billing",
			List.of("order.*", "user.**", "task_manager:task_created"), "webhook",
			"{\"url\":\"https://example.org/ü?a='b'\"}", false, "acme", "api", 3);

	@Test
	void newOneIsStoredAsGiven() {
		assertThat(this.store.subscriptions().register(FULL, StartPosition.HEAD)).isEqualTo(FULL);
		assertThat(this.store.subscriptions().find("billing")).contains(FULL);
		assertThat(this.store.subscriptions().list()).containsExactly(FULL);
		assertThat(this.store.subscriptions().find("other")).isEmpty();
	}

	@Test
	void absentOrganization() {
		register("audit", 1);
		assertThat(this.store.subscriptions().find("audit")).contains(subscription("audit", 1));
	}

	@Test
	void listIsById() {
		List.of("gamma", "alpha", "beta").forEach((id) -> register(id, 1));
		assertThat(this.store.subscriptions().list()).extracting(SubscriptionRecord::id)
			.containsExactly("alpha", "beta", "gamma");
	}

	@Test
	void newOneBeginsAtTheHead() {
		long head = appended(EventRecords.events(3)).get(2).position();
		this.store.subscriptions().register(FULL, StartPosition.HEAD);
		assertThat(this.store.cursors().list()).containsExactly(
				new CursorState(new PartitionId("billing", 0), head, null),
				new CursorState(new PartitionId("billing", 1), head, null),
				new CursorState(new PartitionId("billing", 2), head, null));
	}

	@Test
	void newOneBeginsAtTheBeginning() {
		appended(EventRecords.events(3));
		this.store.subscriptions().register(FULL, StartPosition.BEGINNING);
		assertThat(this.store.cursors().list()).hasSize(3)
			.allMatch((cursor) -> cursor.position() == 0 && cursor.owner() == null);
	}

	@Test
	void knownOneIsBroughtUpToDate() {
		this.store.subscriptions().register(FULL, StartPosition.HEAD);
		SubscriptionRecord changed = new SubscriptionRecord("billing", List.of("a", "b.*"), "kafka", "{\"x\":1}", true,
				null, "code", 3);
		SubscriptionRecord expected = new SubscriptionRecord("billing", List.of("a", "b.*"), "kafka", "{\"x\":1}",
				false, null, "api", 3);
		assertThat(this.store.subscriptions().register(changed, StartPosition.HEAD)).isEqualTo(expected);
		assertThat(this.store.subscriptions().find("billing")).contains(expected);
		assertThat(this.store.subscriptions().list()).containsExactly(expected);
	}

	@Test
	void knownOneKeepsCursorsAndLeases() {
		register("audit", 2);
		Lease lease = claimed("node-1", new PartitionId("audit", 1));
		appended(EventRecords.events(3));
		this.store.subscriptions().register(subscription("audit", 2), StartPosition.HEAD);
		assertThat(this.store.cursors().list()).extracting(CursorState::position).containsExactly(0L, 0L);
		assertThat(this.store.cursors().renew(List.of(lease), LONG)).containsExactly(lease.partition());
	}

	@Test
	void registeredByManyThreadsIsOne() throws Exception {
		List<SubscriptionRecord> registered = Threads
			.onEach((thread) -> this.store.subscriptions().register(subscription("audit", 2), StartPosition.HEAD));
		assertThat(registered).hasSize(Threads.COUNT).containsOnly(subscription("audit", 2));
		assertThat(this.store.subscriptions().list()).hasSize(1);
		assertThat(this.store.cursors().list()).hasSize(2);
	}

	@Test
	void createdOneIsStoredAsGiven() {
		long head = appended(EventRecords.events(2)).get(1).position();
		SubscriptionRecord noted = FULL.withActive(false, "not yet – ü");
		assertThat(this.store.subscriptions().create(noted, StartPosition.HEAD)).isTrue();
		assertThat(this.store.subscriptions().find("billing")).contains(noted);
		assertThat(this.store.cursors().list()).hasSize(3).allMatch((cursor) -> cursor.position() == head);
	}

	@Test
	void takenIdIsNotCreatedAgain() {
		this.store.subscriptions().register(FULL, StartPosition.HEAD);
		assertThat(this.store.subscriptions().create(subscription("billing", 1), StartPosition.HEAD)).isFalse();
		assertThat(this.store.subscriptions().list()).containsExactly(FULL);
		assertThat(this.store.cursors().list()).hasSize(3);
	}

	@Test
	void createdByManyThreadsIsOne() throws Exception {
		List<Boolean> created = Threads
			.onEach((thread) -> this.store.subscriptions().create(subscription("audit", 2), StartPosition.HEAD));
		assertThat(created).containsOnlyOnce(true);
		assertThat(this.store.cursors().list()).hasSize(2);
	}

	@Test
	void updateChangesAllButWhoCreatedItAndWhetherItIsActive() {
		this.store.subscriptions().register(FULL, StartPosition.HEAD);
		this.store.subscriptions().activate("billing", false, "why");
		SubscriptionRecord changed = new SubscriptionRecord("billing", List.of("a", "b.*"), "kafka", "{\"x\":1}", true,
				null, "code", 5);
		assertThat(this.store.subscriptions().update(changed)).isTrue();
		assertThat(this.store.subscriptions().list()).containsExactly(new SubscriptionRecord("billing",
				List.of("a", "b.*"), "kafka", "{\"x\":1}", false, null, "api", 5, "why"));
		assertThat(this.store.cursors().list()).hasSize(5);
	}

	@Test
	void updateOfNothingIsNothing() {
		register("audit", 1);
		assertThat(this.store.subscriptions().update(FULL)).isFalse();
		assertThat(this.store.subscriptions().list()).containsExactly(subscription("audit", 1));
		assertThat(this.store.cursors().list()).hasSize(1);
	}

	@Test
	void switchedOffAndOnAgain() {
		register("audit", 2);
		Lease lease = claimed("node-1", new PartitionId("audit", 1));
		assertThat(this.store.subscriptions().activate("audit", false, "the receiver is gone")).isTrue();
		assertThat(this.store.subscriptions().find("audit"))
			.contains(subscription("audit", 2).withActive(false, "the receiver is gone"));
		assertThat(this.store.cursors().renew(List.of(lease), LONG)).containsExactly(lease.partition());
		assertThat(this.store.subscriptions().activate("audit", true, null)).isTrue();
		assertThat(this.store.subscriptions().list()).containsExactly(subscription("audit", 2));
		assertThat(this.store.subscriptions().activate("other", true, null)).isFalse();
		assertThat(this.store.subscriptions().list()).hasSize(1);
	}

	@Test
	void suspendedIsOnlyWhatWasSeen() {
		this.store.subscriptions().register(FULL, StartPosition.HEAD);
		this.store.subscriptions().activate("billing", true, null);
		SubscriptionRecord seen = this.store.subscriptions().find("billing").orElseThrow();
		assertThat(this.store.subscriptions().suspend(seen, "gone")).isTrue();
		assertThat(this.store.subscriptions().find("billing")).contains(FULL.withActive(false, "gone"));
		assertThat(this.store.subscriptions().suspend(seen, "gone again")).isFalse();
		assertThat(this.store.subscriptions().find("billing")).contains(FULL.withActive(false, "gone"));
		this.store.subscriptions().activate("billing", true, null);
		for (SubscriptionRecord changed : List.of(
				new SubscriptionRecord("billing", List.of("a"), seen.subscriberType(), seen.config(), true,
						seen.organization(), "x", seen.partitions()),
				new SubscriptionRecord("billing", seen.patterns(), "fax", seen.config(), true, seen.organization(), "x",
						seen.partitions()),
				new SubscriptionRecord("billing", seen.patterns(), seen.subscriberType(), "{\"x\":1}", true,
						seen.organization(), "x", seen.partitions()),
				new SubscriptionRecord("billing", seen.patterns(), seen.subscriberType(), seen.config(), true, null,
						"x", seen.partitions()))) {
			this.store.subscriptions().update(changed);
			assertThat(this.store.subscriptions().suspend(seen, "gone")).isFalse();
			assertThat(this.store.subscriptions().find("billing").orElseThrow().active()).isTrue();
		}
		SubscriptionRecord now = this.store.subscriptions().find("billing").orElseThrow();
		this.store.subscriptions()
			.update(new SubscriptionRecord("billing", now.patterns(), now.subscriberType(), now.config(), true,
					now.organization(), "x", now.partitions() + 1));
		assertThat(this.store.subscriptions().suspend(now, "gone")).isTrue();
		this.store.subscriptions().delete("billing");
		assertThat(this.store.subscriptions().suspend(now, "gone")).isFalse();
		assertThat(this.store.subscriptions().list()).isEmpty();
	}

	@Test
	void openingWhatIsInOrderChangesNothing() {
		register("audit", 2);
		Lease lease = claimed("node-1", new PartitionId("audit", 1));
		appended(EventRecords.events(3));
		assertThat(this.store.subscriptions().open("audit", StartPosition.HEAD)).isTrue();
		this.store.subscriptions().clear("audit");
		assertThat(this.store.cursors().list()).extracting(CursorState::position).containsExactly(0L, 0L);
		assertThat(this.store.cursors().renew(List.of(lease), LONG)).containsExactly(lease.partition());
		assertThat(this.store.subscriptions().open("other", StartPosition.HEAD)).isFalse();
	}

	@Test
	void deletedOneIsGone() {
		register("audit", 2);
		register("billing", 1);
		assertThat(this.store.subscriptions().delete("audit")).isTrue();
		assertThat(this.store.subscriptions().find("audit")).isEmpty();
		assertThat(this.store.subscriptions().list()).containsExactly(subscription("billing", 1));
		assertThat(this.store.cursors().list()).extracting(CursorState::partition)
			.containsExactly(new PartitionId("billing", 0));
		assertThat(this.store.subscriptions().delete("audit")).isFalse();
	}

	@Test
	void deletedOneCanBeRegisteredAnew() {
		this.store.subscriptions().register(FULL, StartPosition.BEGINNING);
		assertThat(this.store.subscriptions().delete("billing")).isTrue();
		long head = appended(EventRecords.events(2)).get(1).position();
		SubscriptionRecord anew = subscription("billing", 1);
		assertThat(this.store.subscriptions().register(anew, StartPosition.HEAD)).isEqualTo(anew);
		assertThat(this.store.cursors().list())
			.containsExactly(new CursorState(new PartitionId("billing", 0), head, null));
	}

}
