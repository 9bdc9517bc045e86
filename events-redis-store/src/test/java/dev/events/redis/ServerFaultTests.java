package dev.events.redis;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;

import dev.events.EventStoreException;
import dev.events.ReplayInfo.State;
import dev.events.StartPosition;
import dev.events.redis.RedisEventStoreSettings.EvictionCheck;
import dev.events.store.Checkpoint;
import dev.events.store.DeliveryChange;
import dev.events.store.EventCriteria;
import dev.events.store.EventRecord;
import dev.events.store.EventStore;
import dev.events.store.Lease;
import dev.events.store.PartitionId;
import dev.events.store.ReplayProgress;
import dev.events.store.ReplayRecord;
import dev.events.store.StoredEvent;
import dev.events.store.SubscriptionRecord;
import dev.events.store.Wakeups;
import dev.events.test.redis.RedisServer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

/**
 * What goes wrong with a server: publishers get a clear error, what was answered is
 * there, and everything goes on when the server is well again.
 */
@Timeout(120)
class ServerFaultTests {

	// the common ones are few, and for those who do not wait
	private static final Executor OWN_THREAD = (task) -> new Thread(task).start();

	private static final RedisEventStoreSettings SETTINGS = new RedisEventStoreSettings("events",
			Duration.ofSeconds(10), EvictionCheck.FAIL, true);

	private static RedisStoreFixture store(RedisServer server) {
		return new RedisStoreFixture(RedisStoreFixture.configuration(server), SETTINGS);
	}

	private static EventRecord event(String data) {
		UUID id = UUID.randomUUID();
		return new EventRecord(id, "a", "1.0.0", "test", "key", null, null, id.toString(), null, Instant.EPOCH, data,
				Map.of());
	}

	private static EventRecord event() {
		return event("1");
	}

	private static List<UUID> ids(EventStore store) {
		return store.log().read(0, store.log().head(), 100_000).stream().map((event) -> event.event().id()).toList();
	}

	/** Appends one event after the other, and remembers what was answered. */
	private static CompletableFuture<List<UUID>> appendUntil(EventStore store, AtomicBoolean end) {
		return CompletableFuture.supplyAsync(() -> {
			List<UUID> answered = new ArrayList<>();
			while (!end.get()) {
				EventRecord event = event();
				try {
					store.log().append(List.of(event));
					answered.add(event.id());
				}
				catch (EventStoreException ex) {
					Thread.onSpinWait();
				}
			}
			return answered;
		}, OWN_THREAD);
	}

	private static void awaitAppend(EventStore store) {
		await().ignoreExceptionsInstanceOf(EventStoreException.class)
			.atMost(Duration.ofSeconds(30))
			.until(() -> store.log().append(List.of(event())).get(0) > 0);
	}

	@Test
	void scriptsThatAreForgottenAreLoadedAgain() {
		try (RedisServer server = RedisServer.dedicated(); RedisStoreFixture fixture = store(server)) {
			EventStore store = fixture.store();
			store.log().append(List.of(event()));
			server.execute("SCRIPT", "FLUSH");
			assertThat(store.log().append(List.of(event()))).containsExactly(2L);
			server.execute("SCRIPT", "FLUSH");
			assertThat(store.nodes().heartbeat("a", Set.of(), Duration.ofSeconds(5))).hasSize(1);
		}
	}

	@Test
	void whatWasAnsweredSurvivesAKillOfTheServerThatWritesAlways() throws Exception {
		try (RedisServer server = RedisServer.dedicated("--appendonly", "yes", "--appendfsync", "always");
				RedisStoreFixture fixture = store(server)) {
			EventStore store = fixture.store();
			AtomicBoolean end = new AtomicBoolean();
			CompletableFuture<List<UUID>> appends = appendUntil(store, end);
			await().atMost(Duration.ofSeconds(60)).ignoreExceptions().until(() -> store.log().head() > 200);
			server.crash();
			server.start();
			awaitAppend(store);
			end.set(true);
			List<UUID> answered = appends.get();
			assertThat(ids(store)).containsAll(answered).doesNotHaveDuplicates();
		}
	}

	@Test
	void positionsNeverComeBackWhenAServerHasLostSome() {
		try (RedisServer server = RedisServer.dedicated("--appendonly", "no", "--save", "");
				RedisStoreFixture fixture = store(server)) {
			EventStore store = fixture.store();
			server.execute("CONFIG", "SET", "save", "");
			store.log().append(List.of(event()));
			server.execute("SAVE");
			for (int i = 0; i < 10; i++) {
				store.log().append(List.of(event()));
			}
			long head = store.log().head();
			server.crash();
			server.start();
			awaitAppend(store);
			assertThat(store.log().head()).isGreaterThan(head);
		}
	}

	@Test
	void aServerThatHasLostProgressIsNotTakenOnAsIfItHadNot() {
		try (RedisServer server = RedisServer.dedicated("--appendonly", "no", "--save", "");
				RedisStoreFixture fixture = store(server)) {
			EventStore store = fixture.store();
			store.subscriptions()
				.register(new SubscriptionRecord("s", List.of("**"), "handler", "{}", true, null, "test", 1),
						StartPosition.BEGINNING);
			store.log().append(List.of(event(), event()));
			List<StoredEvent> events = store.log().read(0, 2, 2);
			PartitionId partition = new PartitionId("s", 0);
			Lease lease = store.cursors().claim("node", List.of(partition), Duration.ofMinutes(1)).get(0);
			assertThat(store.cursors().renew(List.of(lease), Duration.ofMinutes(1))).hasSize(1);
			server.execute("SAVE");
			assertThat(store.cursors()
				.checkpoint(List.of(new Checkpoint(lease, 1, List.of(new DeliveryChange.Park(UUID.randomUUID(),
						events.get(0).event(), 1, 1, Duration.ZERO, new DeliveryChange.Failure("x", null, "x")))))))
				.isEmpty();
			server.crash();
			server.start();
			awaitAppend(store);

			// the first event is parked nowhere now: who goes on behind it, loses it
			assertThat(store.cursors().renew(List.of(lease), Duration.ofMinutes(1))).isEmpty();
			assertThat(store.cursors().checkpoint(List.of(new Checkpoint(lease, 0, List.of()))))
				.containsExactly(partition);
			assertThat(store.cursors().checkpoint(List.of(new Checkpoint(lease, 2, List.of()))))
				.containsExactly(partition);
			Lease next = store.cursors().claim("node", List.of(partition), Duration.ofMinutes(1)).get(0);
			assertThat(next.position()).isZero();
			assertThat(store.cursors().checkpoint(List.of(new Checkpoint(next, 2, List.of())))).isEmpty();
			assertThat(store.cursors().renew(List.of(next), Duration.ofMinutes(1))).hasSize(1);
		}
	}

	@Test
	void connectionsThatAreCutLoseAndDoubleNothing() throws Exception {
		try (RedisServer server = RedisServer.dedicated(); RedisStoreFixture fixture = store(server)) {
			EventStore store = fixture.store();
			AtomicBoolean end = new AtomicBoolean();
			CompletableFuture<List<UUID>> appends = appendUntil(store, end);
			for (int i = 1; i <= 20; i++) {
				long more = 20L * i;
				await().atMost(Duration.ofSeconds(60)).ignoreExceptions().until(() -> store.log().head() > more);
				server.execute("CLIENT", "KILL", "TYPE", "normal", "SKIPME", "yes");
			}
			end.set(true);
			List<UUID> answered = appends.get();
			assertThat(ids(store)).containsAll(answered).doesNotHaveDuplicates();
			assertThat(answered).hasSizeGreaterThan(300);
		}
	}

	@Test
	void fullMemoryIsSaidAndProgressGoesOn() {
		try (RedisServer server = RedisServer.dedicated(); RedisStoreFixture fixture = store(server)) {
			EventStore store = fixture.store();
			String data = '"' + "x".repeat(100_000) + '"';
			server.execute("CONFIG", "SET", "maxmemory-policy", "noeviction");
			store.log().append(List.of(event()));
			server.execute("CONFIG", "SET", "maxmemory", "1mb");
			assertThatExceptionOfType(EventStoreException.class)
				.isThrownBy(() -> store.log().append(List.of(event(data), event(data))))
				.withMessageContaining("memory");
			assertThat(ids(store)).hasSize(1);
			assertThat(store.nodes().heartbeat("a", Set.of(), Duration.ofSeconds(5))).hasSize(1);
			server.execute("CONFIG", "SET", "maxmemory", "0");
			assertThat(store.log().append(List.of(event(data)))).hasSize(1);
			assertThat(ids(store)).hasSize(2);
		}
	}

	@Test
	void aReplayGoesOnAndEndsAlthoughMemoryIsFull() {
		try (RedisServer server = RedisServer.dedicated(); RedisStoreFixture fixture = store(server)) {
			EventStore store = fixture.store();
			server.execute("CONFIG", "SET", "maxmemory-policy", "noeviction");
			store.subscriptions()
				.register(new SubscriptionRecord("s", List.of("a"), "handler", "{}", true, null, "test", 1),
						StartPosition.BEGINNING);
			PartitionId partition = new PartitionId("s", 0);
			Lease lease = store.cursors().claim("node", List.of(partition), Duration.ofMinutes(1)).get(0);
			UUID id = UUID.randomUUID();
			ReplayRecord replay = new ReplayRecord(id, "s", EventCriteria.ALL, 0, 5, 5, 0, State.RUNNING);
			assertThat(store.replays().create(replay)).isTrue();
			server.execute("CONFIG", "SET", "maxmemory", "1kb");
			ReplayProgress progress = new ReplayProgress(id, 5, 5, 0);
			assertThat(store.cursors().checkpoint(List.of(new Checkpoint(lease, 5, List.of(), progress)))).isEmpty();
			assertThat(store.replays().active().get(0).partitions()).containsExactly(progress);
			assertThat(store.replays().change(id, Set.of(State.RUNNING), State.COMPLETED)).isTrue();
			assertThat(store.replays().rewind("s", 3)).isTrue();
			UUID other = UUID.randomUUID();
			assertThatExceptionOfType(EventStoreException.class)
				.isThrownBy(() -> store.replays()
					.create(new ReplayRecord(other, "s", EventCriteria.ALL, 0, 5, 5, 0, State.RUNNING)))
				.withMessageContaining("memory");
			assertThat(store.replays().list()).extracting(ReplayRecord::id).containsExactly(id);
			assertThat(store.replays().active()).isEmpty();
		}
	}

	@Test
	void aServerThatHasBecomeAReplicaIsSaidAndLeftWhenItIsAMasterAgain() {
		try (RedisServer server = RedisServer.dedicated(); RedisStoreFixture fixture = store(server)) {
			EventStore store = fixture.store();
			store.log().append(List.of(event()));
			server.execute("REPLICAOF", "127.0.0.1", "1");
			assertThatExceptionOfType(EventStoreException.class).isThrownBy(() -> store.log().append(List.of(event())))
				.withMessageContaining("replica");
			server.execute("REPLICAOF", "NO", "ONE");
			awaitAppend(store);
		}
	}

	@Test
	void aServerThatMayEvictIsRefused() {
		try (RedisServer server = RedisServer.dedicated()) {
			server.execute("CONFIG", "SET", "maxmemory", "100mb");
			server.execute("CONFIG", "SET", "maxmemory-policy", "allkeys-lru");
			assertThatThrownBy(() -> store(server)).hasMessageContaining("noeviction");
		}
	}

	@Test
	void aServerThatIsSilentCostsTheTimeoutAndIsUsedAgain() {
		RedisEventStoreSettings settings = new RedisEventStoreSettings("events", Duration.ofSeconds(2),
				EvictionCheck.FAIL, true);
		try (RedisServer server = RedisServer.dedicated();
				RedisStoreFixture fixture = new RedisStoreFixture(RedisStoreFixture.configuration(server), settings)) {
			EventStore store = fixture.store();
			awaitAppend(store);
			server.pause();
			try {
				long begin = System.nanoTime();
				assertThatExceptionOfType(EventStoreException.class)
					.isThrownBy(() -> store.log().append(List.of(event())));
				assertThat(Duration.ofNanos(System.nanoTime() - begin)).isLessThan(Duration.ofSeconds(30));
			}
			finally {
				server.resume();
			}
			awaitAppend(store);
			List<StoredEvent> events = store.log().read(0, store.log().head(), 100);
			assertThat(events).extracting((stored) -> stored.event().id()).doesNotHaveDuplicates();
		}
	}

	@Test
	void othersAreStillWokenAfterARestartOfTheServer() {
		try (RedisServer server = RedisServer.dedicated();
				RedisStoreFixture fixture = store(server);
				RedisStoreFixture other = store(server)) {
			AtomicInteger heard = new AtomicInteger();
			try (Wakeups.Listening listening = other.store()
				.wakeups()
				.listen("listener", (kind) -> heard.incrementAndGet())) {
				assertThat(listening).isNotNull();
				await().until(() -> {
					fixture.store().wakeups().signal("speaker", Wakeups.Kind.EVENTS);
					return heard.get() > 0;
				});
				server.stop();
				server.start();
				int before = heard.get();
				await().atMost(Duration.ofSeconds(30)).until(() -> {
					fixture.store().wakeups().signal("speaker", Wakeups.Kind.EVENTS);
					return heard.get() > before + 1;
				});
			}
		}
	}

}
