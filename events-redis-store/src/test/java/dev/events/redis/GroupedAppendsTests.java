package dev.events.redis;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.LongStream;

import dev.events.EventStoreException;
import dev.events.store.EventLog;
import dev.events.store.EventRecord;
import dev.events.store.StoredEvent;
import dev.events.test.store.EventRecords;
import dev.events.test.redis.RedisServer;
import io.lettuce.core.RedisCommandExecutionException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import org.springframework.data.redis.connection.lettuce.LettuceConnectionFactory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

/**
 * Appends that gather while the server does not answer.
 */
@Timeout(60)
class GroupedAppendsTests {

	private static final Duration TIMEOUT = Duration.ofSeconds(5);

	private static final int MANY = 200;

	private final Keys keys = new Keys(RedisStoreFixture.settings());

	private final RedisServer server = RedisServer.dedicated();

	private final LettuceConnectionFactory factory = new LettuceConnectionFactory(this.server.host(),
			this.server.port());

	private StoreConnection connection;

	private RedisEventLog log;

	private GroupedAppends appends;

	@BeforeEach
	void connect() throws Exception {
		this.factory.afterPropertiesSet();
		this.connection = new StoreConnection(this.factory, TIMEOUT);
		this.log = new RedisEventLog(new RedisCalls(this.connection, this.keys, TIMEOUT), this.keys);
		this.appends = new GroupedAppends(new byte[][] { this.keys.log(), this.keys.ids(), this.keys.head() }, TIMEOUT);
		// so that it knows that the server is near
		for (int i = 0; i < MANY; i++) {
			get(append(event()));
		}
	}

	@AfterEach
	void close() {
		this.connection.close();
		this.factory.destroy();
		this.server.close();
	}

	private static EventRecord event() {
		return EventRecords.event("test.happened", null);
	}

	private Future<List<Long>> append(EventRecord... events) {
		return append(PackedAppend.of(List.of(events)));
	}

	private Future<List<Long>> append(PackedAppend append) {
		return this.appends.append(this.connection.commands(), append);
	}

	private static List<Long> get(Future<List<Long>> positions) throws Exception {
		return positions.get(20, TimeUnit.SECONDS);
	}

	/** How many appends the server has been asked for so far. */
	private int calls() {
		Matcher calls = Pattern.compile("cmdstat_evalsha:calls=(\\d+)")
			.matcher(this.server.execute("INFO", "commandstats"));
		assertThat(calls.find()).isTrue();
		return Integer.parseInt(calls.group(1));
	}

	private List<UUID> stored(long after) {
		return this.log.read(after, this.log.head(), 10_000).stream().map((stored) -> stored.event().id()).toList();
	}

	@Test
	void eachGetsItsOwnPositionsThatFollowOneAnother() throws Exception {
		int before = calls();
		List<EventRecord> events = new ArrayList<>();
		List<Future<List<Long>>> positions = new ArrayList<>();
		this.server.pause();
		try {
			for (int i = 0; i < MANY; i++) {
				EventRecord[] unit = { event(), event(), event() };
				events.addAll(Arrays.asList(unit).subList(0, 1 + i % 3));
				positions.add(append(Arrays.copyOf(unit, 1 + i % 3)));
			}
		}
		finally {
			this.server.resume();
		}
		List<Long> all = new ArrayList<>();
		for (Future<List<Long>> unit : positions) {
			all.addAll(get(unit));
		}
		assertThat(all)
			.containsExactlyElementsOf(LongStream.rangeClosed(MANY + 1, MANY + events.size()).boxed().toList());
		assertThat(stored(MANY)).containsExactlyElementsOf(events.stream().map(EventRecord::id).toList());
		assertThat(calls() - before).isLessThan(MANY / 2);
	}

	@Test
	void anEventThatSeveralAppendAtOnceIsStoredForOneOfThem() throws Exception {
		EventRecord event = event();
		EventRecord known = event();
		long first = get(append(known)).get(0);
		List<Future<List<Long>>> positions = new ArrayList<>();
		this.server.pause();
		try {
			for (int i = 0; i < MANY; i++) {
				positions.add(append(event(), event, known, event()));
			}
		}
		finally {
			this.server.resume();
		}
		for (int i = 0; i < MANY; i++) {
			List<Long> unit = get(positions.get(i));
			assertThat(unit.get(1) == EventLog.DUPLICATE).isEqualTo(i > 0);
			assertThat(unit.get(2)).isEqualTo(EventLog.DUPLICATE);
			assertThat(unit.get(3) - unit.get(0)).isEqualTo((i > 0) ? 1 : 2);
		}
		assertThat(stored(first)).doesNotHaveDuplicates().hasSize(2 * MANY + 1).contains(event.id());
	}

	@Test
	void whatIsRepeatedBesideOthersIsKnown() throws Exception {
		List<PackedAppend> units = new ArrayList<>();
		List<List<Long>> positions = new ArrayList<>();
		for (int i = 0; i < MANY; i++) {
			PackedAppend unit = PackedAppend.of(List.of(event(), event()));
			units.add(unit);
			positions.add(get(append(unit)));
		}
		List<Future<List<Long>>> again = new ArrayList<>();
		this.server.pause();
		try {
			for (PackedAppend unit : units) {
				append(event());
				again.add(append(unit));
			}
		}
		finally {
			this.server.resume();
		}
		for (int i = 0; i < MANY; i++) {
			assertThat(get(again.get(i))).isEqualTo(positions.get(i));
		}
		assertThat(stored(0)).doesNotHaveDuplicates();
	}

	@Test
	void whoGivesUpTakesNobodyAlong() throws Exception {
		List<EventRecord> events = new ArrayList<>();
		List<Future<List<Long>>> positions = new ArrayList<>();
		this.server.pause();
		try {
			for (int i = 0; i < MANY; i++) {
				EventRecord event = event();
				events.add(event);
				positions.add(append(event));
			}
			for (int i = 0; i < MANY; i += 2) {
				positions.get(i).cancel(true);
			}
		}
		finally {
			this.server.resume();
		}
		List<UUID> answered = new ArrayList<>();
		for (int i = 1; i < MANY; i += 2) {
			assertThat(get(positions.get(i)).get(0)).isPositive();
			answered.add(events.get(i).id());
		}
		assertThat(stored(MANY)).containsSubsequence(answered).doesNotHaveDuplicates();
		// what was not sent when it was given up is not sent any more
		assertThat(events.get(MANY - 2).id()).isNotIn(stored(MANY));
	}

	@Test
	void aRefusalIsForEachOfThemAndNothingIsStored() throws Exception {
		this.server.execute("CONFIG", "SET", "maxmemory-policy", "noeviction");
		this.server.execute("CONFIG", "SET", "maxmemory", "1");
		List<Future<List<Long>>> positions = new ArrayList<>();
		this.server.pause();
		try {
			for (int i = 0; i < MANY; i++) {
				positions.add(append(event(), event()));
			}
		}
		finally {
			this.server.resume();
		}
		for (Future<List<Long>> unit : positions) {
			assertThatExceptionOfType(ExecutionException.class).isThrownBy(() -> get(unit))
				.withCauseInstanceOf(RedisCommandExecutionException.class)
				.withMessageContaining("OOM");
		}
		this.server.execute("CONFIG", "SET", "maxmemory", "0");
		assertThat(stored(MANY)).isEmpty();
		assertThat(get(append(event()))).containsExactly(MANY + 1L);
	}

	@Test
	void scriptsThatAreForgottenAreLoadedAgain() throws Exception {
		for (int i = 0; i < 20; i++) {
			this.server.execute("SCRIPT", "FLUSH");
			List<Future<List<Long>>> positions = new ArrayList<>();
			for (int j = 0; j < 10; j++) {
				positions.add(append(event()));
			}
			for (Future<List<Long>> unit : positions) {
				assertThat(get(unit).get(0)).isPositive();
			}
		}
		List<StoredEvent> events = this.log.read(0, this.log.head(), 10_000);
		assertThat(events).hasSize(MANY + 200);
	}

	@Test
	void aConnectionThatBreaksFailsWhatIsUnderWayAndWhatWaitsAndThenAllGoesOn() throws Exception {
		List<Future<List<Long>>> positions = new ArrayList<>();
		this.server.pause();
		for (int i = 0; i < MANY; i++) {
			positions.add(append(event()));
		}
		this.server.crash();
		for (Future<List<Long>> unit : positions) {
			assertThatExceptionOfType(ExecutionException.class).isThrownBy(() -> get(unit));
		}
		this.server.start();
		await().ignoreExceptionsInstanceOf(EventStoreException.class)
			.until(() -> this.log.append(List.of(event())).get(0) > 0);
		assertThat(get(append(event())).get(0)).isPositive();
	}

}
