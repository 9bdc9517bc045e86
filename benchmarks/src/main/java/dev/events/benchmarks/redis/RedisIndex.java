package dev.events.benchmarks.redis;

import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Properties;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.LongAdder;
import java.util.stream.IntStream;
import java.util.stream.LongStream;

import dev.events.EventPattern;
import dev.events.redis.RedisEventStore;
import dev.events.redis.RedisEventStoreSettings;
import dev.events.redis.RedisEventStoreSettings.EvictionCheck;
import dev.events.store.EventCriteria;
import dev.events.store.EventLog;
import dev.events.store.EventRecord;
import dev.events.store.EventSelection;
import org.jspecify.annotations.Nullable;

import org.springframework.data.redis.connection.RedisConnection;
import org.springframework.data.redis.connection.lettuce.LettuceConnectionFactory;

/**
 * What the index of the log on Redis costs and brings: memory, and times of queries, of a
 * log without and with it, and rates of publishing while it is and is not made. The
 * command line says host, port and number of events; the server must be empty.
 */
public final class RedisIndex {

	private static final String PREFIX = "benchmark";

	private static final int BATCH = 1_000;

	private static final int TYPES = 100;

	private static final int KEYS = 100_000;

	private static final int ORGANIZATIONS = 100;

	private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");

	private static final String DATA = "{\"text\":\"" + "x".repeat(289) + "\"}";

	private static final int PUBLISHERS = 8;

	private static final Duration ROUND = Duration.ofSeconds(3);

	private static final Duration LEAD = Duration.ofMillis(3_200);

	private final LettuceConnectionFactory server;

	private final int events;

	private final Map<String, long[]> times = new LinkedHashMap<>();

	private RedisIndex(LettuceConnectionFactory server, int events) {
		this.server = server;
		this.events = events;
	}

	public static void main(String... arguments) {
		LettuceConnectionFactory server = new LettuceConnectionFactory(arguments[0], Integer.parseInt(arguments[1]));
		server.afterPropertiesSet();
		server.start();
		new RedisIndex(server, Integer.parseInt(arguments[2])).run();
		System.exit(0);
	}

	private void run() {
		try (RedisConnection connection = this.server.getConnection()) {
			Long keys = connection.serverCommands().dbSize();
			if (keys == null || keys > 0) {
				throw new IllegalStateException("The server is not empty");
			}
		}
		long empty = info("used_memory");
		long log;
		try (RedisEventStore store = store(false)) {
			fill(store.log());
			log = info("used_memory");
			query(store.log(), 0);
		}
		double begin = processorTime();
		long started = System.nanoTime();
		try (RedisEventStore store = store(true)) {
			while (indexed() < store.log().head()) {
				pause(Duration.ofMillis(100));
			}
			double seconds = (System.nanoTime() - started) / 1e9;
			long all = info("used_memory");
			print("%,d events; log %.0f bytes for each event, index %.0f bytes; indexed in %.0f s with %.1f µs of the server"
				.formatted(this.events, (double) (log - empty) / this.events, (double) (all - log) / this.events,
						seconds, (processorTime() - begin) * 1e6 / this.events));
			query(store.log(), 1);
		}
		print("\n| query | walk, ms | index, ms |\n|---|---|---|");
		this.times
			.forEach((name, nanos) -> print("| %s | %,.1f | %,.1f |".formatted(name, nanos[0] / 1e6, nanos[1] / 1e6)));
		print("\n| published at once | without, events/s | with, events/s |\n|---|---|---|");
		publishing(1);
		publishing(100);
	}

	private RedisEventStore store(boolean index) {
		return new RedisEventStore(this.server,
				new RedisEventStoreSettings(PREFIX, Duration.ofSeconds(10), EvictionCheck.FAIL, index));
	}

	private void fill(EventLog log) {
		for (int i = 0; i < this.events; i += BATCH) {
			log.append(IntStream.range(i, i + BATCH).mapToObj(this::event).toList());
		}
	}

	/** Two of three events belong to a chain of another one. */
	private EventRecord event(int number) {
		UUID chain = new UUID(number - number % 3, 0);
		return event(new UUID(number, 0), chain, START.plusSeconds(number));
	}

	private EventRecord event(UUID id) {
		return event(id, id, Instant.now().truncatedTo(ChronoUnit.MICROS));
	}

	private EventRecord event(UUID id, UUID chain, Instant timestamp) {
		Random random = ThreadLocalRandom.current();
		return new EventRecord(id, type(random.nextInt(TYPES)), "1.0.0", "shop", "order-" + random.nextInt(KEYS),
				"organization-" + random.nextInt(ORGANIZATIONS), null, chain.toString(), null, timestamp, DATA,
				Map.of());
	}

	private static String type(int number) {
		return "area" + number / 10 + ".happened" + number % 10;
	}

	private void query(EventLog log, int index) {
		time("a type", index, () -> log.query(criteria("area7.happened7", null, null, null), 100));
		time("a pattern, ten types", index, () -> log.query(criteria("area7.*", null, null, null), 100));
		time("a pattern, no event", index, () -> log.query(criteria("area10.**", null, null, null), 100));
		time("a key", index, () -> log.query(criteria(null, "order-4711", null, null), 100));
		time("an organization, newest first", index,
				() -> log.query(newest(criteria(null, null, "organization-42", null)), 100));
		time("a type in an organization", index,
				() -> log.query(criteria("area7.happened7", null, "organization-42", null), 100));
		time("a correlation id", index,
				() -> log.query(criteria(null, null, null, new UUID(this.events / 2 / 3 * 3, 0).toString()), 100));
		time("a source, newest first", index,
				() -> log.query(newest(
						new EventCriteria(List.of(), "shop", null, null, null, null, null, Map.of(), false, null)),
						100));
		Instant late = START.plusSeconds(this.events - 1_000);
		time("since a time, the last 1,000 events", index, () -> log
			.query(new EventCriteria(List.of(), null, null, null, null, late, null, Map.of(), false, null), 100));
		Instant middle = START.plusSeconds(this.events / 2);
		time("a minute in the middle", index, () -> log.query(new EventCriteria(List.of(), null, null, null, null,
				middle, middle.plusSeconds(60), Map.of(), true, null), 100));
		time("no condition", index, () -> log.query(EventCriteria.ALL, 100));
		time("all 10,000 of a type", index, () -> log.query(criteria("area7.happened7", null, null, null), 20_000));
		time("count of everything", index, () -> log.count(EventCriteria.ALL, log.head()));
		time("count of a pattern, ten types", index,
				() -> log.count(criteria("area7.*", null, null, null), log.head()));
		time("the 5,000th newest of a type", index,
				() -> log.newest(new EventSelection(EventPattern.of("area7.happened7"), List.of()), 5_000));
		time("events by 100 positions", index,
				() -> log.readAll(LongStream.rangeClosed(1, 100).map((i) -> i * 1_000).boxed().toList()));
	}

	private static EventCriteria criteria(@Nullable String type, @Nullable String key, @Nullable String organization,
			@Nullable String correlationId) {
		return new EventCriteria((type != null) ? List.of(EventPattern.of(type)) : List.of(), null, key, organization,
				correlationId, null, null, Map.of(), false, null);
	}

	private static EventCriteria newest(EventCriteria criteria) {
		return criteria.newestBelow(Long.MAX_VALUE);
	}

	/** Median of up to 15 times, within about two seconds. */
	private void time(String name, int index, Runnable query) {
		List<Long> nanos = new ArrayList<>();
		long end = System.nanoTime() + 2_000_000_000L;
		while (nanos.size() < 15 && (nanos.isEmpty() || System.nanoTime() < end)) {
			long start = System.nanoTime();
			query.run();
			nanos.add(System.nanoTime() - start);
		}
		nanos.sort(null);
		this.times.computeIfAbsent(name, (same) -> new long[2])[index] = nanos.get(nanos.size() / 2);
	}

	/** Rounds without and with the index take turns; the medians are shown. */
	private void publishing(int atOnce) {
		double[][] rates = new double[2][3];
		for (int round = 0; round < 6; round++) {
			try (RedisEventStore store = store(round % 2 == 1)) {
				// until the indexer of the round before is known to be gone
				pause(LEAD);
				rates[round % 2][round / 2] = rate(store.log(), atOnce);
			}
		}
		Arrays.stream(rates).forEach(Arrays::sort);
		print("| %d | %,.0f (%,.0f–%,.0f) | %,.0f (%,.0f–%,.0f) |".formatted(atOnce, rates[0][1], rates[0][0],
				rates[0][2], rates[1][1], rates[1][0], rates[1][2]));
	}

	private double rate(EventLog log, int atOnce) {
		LongAdder published = new LongAdder();
		long start = System.nanoTime();
		List<CompletableFuture<Void>> publishers = IntStream.range(0, PUBLISHERS)
			.mapToObj((i) -> CompletableFuture.runAsync(() -> {
				while (System.nanoTime() - start < ROUND.toNanos()) {
					log.append(IntStream.range(0, atOnce).mapToObj((j) -> event(UUID.randomUUID())).toList());
					published.add(atOnce);
				}
			}, (task) -> new Thread(task).start()))
			.toList();
		publishers.forEach(CompletableFuture::join);
		return published.sum() * 1e9 / (System.nanoTime() - start);
	}

	private long indexed() {
		try (RedisConnection connection = this.server.getConnection()) {
			byte[] known = connection.hashCommands().hGet(("{" + PREFIX + "}:index").getBytes(), "upTo".getBytes());
			return (known != null) ? Long.parseLong(new String(known)) : 0;
		}
	}

	private double processorTime() {
		Properties info = info();
		return Double.parseDouble(info.getProperty("used_cpu_user"))
				+ Double.parseDouble(info.getProperty("used_cpu_sys"));
	}

	private long info(String name) {
		return Long.parseLong(info().getProperty(name));
	}

	private Properties info() {
		try (RedisConnection connection = this.server.getConnection()) {
			Properties info = connection.serverCommands().info();
			if (info == null) {
				throw new IllegalStateException("No answer to INFO");
			}
			return info;
		}
	}

	private static void pause(Duration duration) {
		try {
			Thread.sleep(duration.toMillis());
		}
		catch (InterruptedException ex) {
			throw new IllegalStateException(ex);
		}
	}

	private static void print(String line) {
		System.out.printf(Locale.ROOT, "%s%n", line);
	}

}
