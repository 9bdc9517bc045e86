package dev.events.redis;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Random;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import dev.events.EventPattern;
import dev.events.redis.RedisEventStoreSettings.EvictionCheck;
import dev.events.store.EventCriteria;
import dev.events.store.EventRecord;
import dev.events.store.EventSelection;
import dev.events.store.StoredEvent;
import dev.events.test.redis.RedisCluster;
import dev.events.test.redis.RedisServer;
import dev.events.test.store.EventRecords;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;

import org.springframework.data.redis.connection.RedisClusterConfiguration;
import org.springframework.data.redis.connection.RedisConfiguration;
import org.springframework.data.redis.connection.lettuce.LettuceConnectionFactory;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Queries find exactly what a walk over the log would, however far the index has come and
 * whatever was deleted. Each step of the index is made by hand.
 */
class IndexTests {

	// the common ones are few, and for those who do not wait
	private static final Executor OWN_THREAD = (task) -> new Thread(task).start();

	private static final Instant NOON = Instant.parse("2026-06-01T12:00:00Z");

	@Nested
	class Standalone extends Contract {

		@Override
		RedisConfiguration server() {
			return RedisStoreFixture.configuration(RedisServer.shared());
		}

	}

	@Nested
	class OnCluster extends Contract {

		@Override
		RedisConfiguration server() {
			return new RedisClusterConfiguration(RedisCluster.shared().addresses());
		}

	}

	abstract static class Contract {

		private static final String LONG = "ключ-".repeat(20);

		private static final List<String> TYPES = List.of("user.created", "user.deleted", "order.created",
				"order.item.added", "task_manager:task_created", "a", "b.c.d");

		private static final List<String> PATTERNS = List.of("user.*", "*.created", "order.**", "task_manager:*",
				"order.item.added", "**", "a", "unknown.*", "unknown", "**.**");

		private final long seed = ThreadLocalRandom.current().nextLong();

		private final Random random = new Random(this.seed);

		private final NavigableMap<Long, EventRecord> expected = new TreeMap<>();

		private final String prefix = "test-" + UUID.randomUUID();

		private LettuceConnectionFactory factory;

		private StoreConnection connection;

		private RedisCalls calls;

		private RedisEventLog log;

		private Indexer indexer;

		abstract RedisConfiguration server();

		@BeforeEach
		void open() {
			this.factory = new LettuceConnectionFactory(server());
			this.factory.afterPropertiesSet();
			this.factory.start();
			Duration timeout = Duration.ofSeconds(5);
			this.connection = new StoreConnection(this.factory, timeout);
			Keys keys = new Keys(new RedisEventStoreSettings(this.prefix, timeout, EvictionCheck.FAIL, false));
			this.calls = new RedisCalls(this.connection, keys, timeout);
			this.log = new RedisEventLog(this.calls, keys);
			this.indexer = new Indexer(this.calls);
		}

		@AfterEach
		void close() {
			this.connection.close();
			this.factory.destroy();
		}

		@RepeatedTest(3)
		void queriesAgreeWithTheCriteriaHoweverFarTheIndexIs() {
			for (int round = 0; round < 12; round++) {
				append(randomEvents(1 + this.random.nextInt(900)));
				index(this.random.nextInt(1_200));
				compare(12);
				delete(randomPositions());
				if (round == 6) {
					jump(5_000_000_000L);
				}
				index(this.random.nextInt(600));
				compare(12);
			}
			index(Integer.MAX_VALUE);
			compare(60);
		}

		@Test
		void deletedEventsLeaveNothingInTheIndex() {
			append(randomEvents(3_000));
			index(2_500);
			long last = this.expected.lastKey();
			List<Long> gone = new ArrayList<>(this.expected.headMap(last).keySet());
			Collections.shuffle(gone, this.random);
			delete(gone.subList(0, 1_700));
			compare(20);
			delete(gone.subList(1_700, gone.size()));
			index(Integer.MAX_VALUE);
			EventRecord left = this.expected.get(last);
			int fields = 2
					+ Stream.of(left.key(), left.organization()).mapToInt((value) -> (value != null) ? 1 : 0).sum()
					+ (left.correlationId().equals(left.id().toString()) ? 0 : 1);
			// beside the lists: how far it is, types, times
			assertThat(keys()).as("seed %d", this.seed).hasSize(fields + 3);
			assertThat((long) this.calls.read("count", (commands) -> commands.zcard(key(":index:times")))).isEqualTo(1);
			assertThat((long) this.calls.read("count", (commands) -> commands.scard(key(":index:types")))).isEqualTo(1);
			assertThat((long) this.calls.read("count", (commands) -> commands.xlen(key(":log")))).isEqualTo(1);
			compare(20);
		}

		@Test
		void oneNodeIndexesAtATime() {
			append(randomEvents(100));
			Indexer other = new Indexer(this.calls);
			assertThat(this.indexer.index(10)).isTrue();
			assertThat(other.index(10)).isFalse();
			assertThat(upTo()).isEqualTo(this.expected.keySet().stream().skip(9).findFirst().orElseThrow());
		}

		/** Neither gap nor repetition in the pages while index and deletion go on. */
		@Test
		void pagesMeetWhileTheIndexIsMadeAndEventsAreDeleted() throws Exception {
			append(randomEvents(6_000));
			List<Long> some = this.expected.keySet().stream().filter((position) -> position % 3 == 0).toList();
			List<Long> gone = some.subList(0, some.size() - 1);
			CompletableFuture<Void> indexing = CompletableFuture.runAsync(() -> index(Integer.MAX_VALUE), OWN_THREAD);
			CompletableFuture<Void> deleting = CompletableFuture.runAsync(() -> {
				for (int i = 0; i < gone.size(); i += 50) {
					this.log.delete(gone.subList(i, Math.min(gone.size(), i + 50)));
				}
			}, OWN_THREAD);
			do {
				for (boolean newestFirst : new boolean[] { false, true }) {
					EventCriteria criteria = randomCriteria(newestFirst).beyond(null);
					List<Long> found = pages(criteria, 97).stream().map(StoredEvent::position).toList();
					List<Long> kept = matching(criteria).map(StoredEvent::position)
						.filter((position) -> !gone.contains(position))
						.toList();
					assertThat(found.stream().filter((position) -> !gone.contains(position)).toList())
						.as("%s, seed %d", criteria, this.seed)
						.containsExactlyElementsOf(kept);
				}
			}
			while (!indexing.isDone() || !deleting.isDone());
			indexing.get();
			deleting.get();
			this.expected.keySet().removeAll(gone);
			compare(40);
		}

		private void compare(int queries) {
			for (int i = 0; i < queries; i++) {
				EventCriteria criteria = randomCriteria(this.random.nextBoolean());
				Supplier<String> what = () -> criteria + ", indexed up to " + upTo() + ", seed " + this.seed;
				int limit = 1 + this.random.nextInt(this.random.nextBoolean() ? 20 : 2_000);
				assertThat(this.log.query(criteria, limit)).as(what)
					.containsExactlyElementsOf(matching(criteria).limit(limit).toList());
				if (i % 4 == 0) {
					assertThat(pages(criteria, 1 + this.random.nextInt(300))).as(what)
						.containsExactlyElementsOf(matching(criteria).toList());
					compareCounts(criteria.oldestFirst(), what);
				}
			}
			EventSelection selection = new EventSelection(EventPattern.of(PATTERNS.get(this.random.nextInt(6))),
					List.of(EventPattern.of("user.deleted")));
			List<Long> selected = this.expected.descendingMap()
				.entrySet()
				.stream()
				.filter((entry) -> selection.matches(entry.getValue().type()))
				.map(Map.Entry::getKey)
				.toList();
			int newer = this.random.nextInt(selected.size() + 2);
			assertThat(this.log.newest(selection, newer)).as("%s behind %d, seed %d", selection, newer, this.seed)
				.isEqualTo((newer < selected.size()) ? selected.get(newer) : 0);
		}

		private void compareCounts(EventCriteria criteria, Supplier<String> what) {
			long upTo = randomPosition();
			Map<String, Long> counts = matching(criteria).filter((event) -> event.position() <= upTo)
				.collect(Collectors.groupingBy((event) -> event.event().type(), Collectors.counting()));
			assertThat(this.log.count(criteria, upTo)).as(what).isEqualTo(counts);
		}

		private List<StoredEvent> pages(EventCriteria criteria, int size) {
			List<StoredEvent> all = new ArrayList<>();
			List<StoredEvent> page = this.log.query(criteria, size);
			while (!page.isEmpty()) {
				all.addAll(page);
				page = this.log.query(criteria.beyond(page.get(page.size() - 1).position()), size);
			}
			return all;
		}

		private Stream<StoredEvent> matching(EventCriteria criteria) {
			NavigableMap<Long, EventRecord> events = this.expected;
			if (criteria.newestFirst()) {
				events = events.descendingMap();
			}
			if (criteria.beyond() != null) {
				events = events.tailMap(criteria.beyond(), false);
			}
			return events.entrySet()
				.stream()
				.filter((entry) -> criteria.matches(entry.getValue()))
				.map((entry) -> new StoredEvent(entry.getKey(), entry.getValue()));
		}

		private EventCriteria randomCriteria(boolean newestFirst) {
			List<EventPattern> types = this.random.nextBoolean() ? List.of()
					: Stream.generate(() -> EventPattern.of(oneOf(PATTERNS)))
						.limit(1 + this.random.nextInt(2))
						.toList();
			Instant time = NOON.plusMillis(this.random.nextInt(5_000_000));
			return new EventCriteria(types, maybe(5, this::source), maybe(5, this::key), maybe(4, this::organization),
					maybe(6, this::correlation),
					maybe(5, () -> this.random.nextInt(9) == 0 ? Instant.parse("0001-01-01T00:00:00Z") : time),
					maybe(5, () -> this.random.nextInt(9) == 0 ? Instant.parse("9999-12-31T00:00:00Z")
							: time.plusMillis(this.random.nextInt(2_000_000))),
					(this.random.nextInt(6) == 0) ? Map.of("m", "1") : Map.of(), newestFirst,
					maybe(3, this::randomPosition));
		}

		private <T> @Nullable T maybe(int outOf, Supplier<T> value) {
			return (this.random.nextInt(outOf) == 0) ? value.get() : null;
		}

		private <T> T oneOf(List<T> values) {
			return values.get(this.random.nextInt(values.size()));
		}

		private String source() {
			return (this.random.nextInt(10) == 0) ? "other" : "shop";
		}

		private String key() {
			int key = this.random.nextInt(60);
			return (key < 3) ? LONG + key : "k" + key;
		}

		private String organization() {
			return "org " + this.random.nextInt(4);
		}

		private String correlation() {
			return this.expected.isEmpty() || this.random.nextInt(3) == 0 ? "c:" + this.random.nextInt(20)
					: this.expected.ceilingEntry(randomPosition()).getValue().id().toString();
		}

		private long randomPosition() {
			List<Long> positions = new ArrayList<>(this.expected.keySet());
			return oneOf(positions);
		}

		private List<EventRecord> randomEvents(int count) {
			List<EventRecord> events = new ArrayList<>();
			for (int i = 0; i < count; i++) {
				EventRecords.Builder event = EventRecords
					.event((this.random.nextInt(3) > 0) ? "user.created" : oneOf(TYPES))
					.source(source())
					.key(maybe(2, this::key))
					.organization(maybe(2, this::organization))
					.timestamp(time(this.expected.size() + i))
					.metadata("m", String.valueOf(this.random.nextInt(2)))
					.data("{\"i\":" + i + "}");
				if (this.random.nextInt(4) == 0 && !this.expected.isEmpty()) {
					event.correlationId(correlation());
				}
				events.add(event.build());
			}
			return events;
		}

		/** Times ascend about as positions do. */
		private Instant time(int number) {
			if (this.random.nextInt(200) == 0) {
				return Instant.parse(this.random.nextBoolean() ? "0001-01-01T00:00:00Z" : "9999-12-31T23:59:59Z");
			}
			return NOON.plusMillis(number * 1_000L + this.random.nextInt(30_000))
				.plusNanos(this.random.nextInt(999_999));
		}

		private void append(List<EventRecord> events) {
			List<Long> positions = this.log.append(events);
			for (int i = 0; i < positions.size(); i++) {
				this.expected.put(positions.get(i), events.get(i));
			}
		}

		private Collection<Long> randomPositions() {
			long last = this.expected.lastKey();
			List<Long> all = new ArrayList<>(this.expected.headMap(last).keySet());
			if (all.isEmpty()) {
				return all;
			}
			String type = oneOf(TYPES);
			Function<Long, Boolean> isGone = switch (this.random.nextInt(4)) {
				case 0 -> (position) -> position < all.get(all.size() / 3);
				case 1 -> (position) -> position % 4 == 0;
				case 2 ->
					(position) -> position < all.get(all.size() / 2) && this.expected.get(position).type().equals(type);
				default -> (position) -> false;
			};
			return all.stream().filter(isGone::apply).toList();
		}

		private void delete(Collection<Long> positions) {
			assertThat(this.log.delete(positions)).isEqualTo(positions.size());
			positions.forEach(this.expected::remove);
		}

		private void index(int events) {
			int left = events;
			while (left > 0 && this.indexer.index(Math.min(200, left))) {
				left -= 200;
			}
		}

		/** As after a server has lost events. */
		private void jump(long distance) {
			this.calls.read("jump", (commands) -> commands.hincrby(key(":head"), Text.bytes("position"), distance));
		}

		private byte[] key(String name) {
			return Text.bytes("{" + this.prefix + "}" + name);
		}

		private List<byte[]> keys() {
			List<byte[]> keys = new ArrayList<>(
					this.calls.read("keys", (commands) -> commands.keys("{" + this.prefix + "}:index*")));
			keys.addAll(this.calls.read("keys", (commands) -> commands.keys("{" + this.prefix + "}:chunks*")));
			return keys;
		}

		private long upTo() {
			byte[] known = this.calls.read("mark", (commands) -> commands.hget(key(":index"), Text.bytes("upTo")));
			return (known != null) ? Long.parseLong(Text.string(known)) : 0;
		}

	}

}
