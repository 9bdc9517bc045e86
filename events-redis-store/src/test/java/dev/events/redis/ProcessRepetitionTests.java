package dev.events.redis;

import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.stream.IntStream;

import dev.events.EventStoreException;
import dev.events.redis.RedisEventStoreSettings.EvictionCheck;
import dev.events.store.EventRecord;
import dev.events.store.EventStore;
import dev.events.store.ProcessChange;
import dev.events.store.ProcessRecord;
import dev.events.store.ProcessState;
import dev.events.test.redis.RedisServer;
import dev.events.test.store.EventRecords;
import org.junit.jupiter.api.Test;

import org.springframework.data.redis.connection.RedisConnection;
import org.springframework.data.redis.connection.RedisStandaloneConfiguration;
import org.springframework.data.redis.connection.ReturnType;
import org.springframework.data.redis.connection.lettuce.LettuceConnectionFactory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * A commit that is sent again because its answer was lost, and one for which there is no
 * memory.
 */
class ProcessRepetitionTests {

	private final String prefix = "test-" + UUID.randomUUID();

	private final EventRecord event = EventRecords.event("test.happened", null);

	private static List<Object> run(RedisConnection connection, byte[][] arguments) {
		List<Object> answer = connection.scriptingCommands()
			.eval(Script.PROCESS_COMMIT.text(), ReturnType.MULTI, 1, arguments);
		assertThat(answer).isNotNull();
		return answer;
	}

	private static List<Long> positions(List<Object> answer) {
		return RedisEventLog.positions(new Answer(answer), 1);
	}

	private byte[][] arguments(long expected, long version, boolean stays, String status) {
		Arguments arguments = new Arguments().add("{" + this.prefix + "}")
			.add("order")
			.add("1")
			.add(expected)
			.add(version)
			.add(60_000)
			.add(stays)
			.add(status)
			.add("{}")
			.add("");
		IntStream.range(0, 6).forEach((none) -> arguments.add(""));
		arguments.add(new byte[] { 1, 2, 3, (byte) version });
		return arguments.add(PackedEvents.pack(this.event)).toArray();
	}

	@Test
	void repetitionHasTheSameEffectAndAnswer() {
		RedisEventStoreSettings settings = new RedisEventStoreSettings(this.prefix, Duration.ofSeconds(5),
				EvictionCheck.FAIL, false);
		RedisServer server = RedisServer.shared();
		LettuceConnectionFactory factory = new LettuceConnectionFactory(
				new RedisStandaloneConfiguration(server.host(), server.port()));
		factory.afterPropertiesSet();
		factory.start();
		try (RedisStoreFixture fixture = new RedisStoreFixture(RedisStoreFixture.configuration(server), settings);
				RedisConnection connection = factory.getConnection()) {
			EventStore store = fixture.store();
			byte[][] create = arguments(0, 7, true, "RUNNING");
			List<Long> created = positions(run(connection, create));
			assertThat(created).containsExactly(1L);
			ProcessRecord first = store.processes().find("order", "1").orElseThrow();
			assertThat(positions(run(connection, create))).isEqualTo(created);
			assertThat(store.processes().find("order", "1")).hasValue(first);
			assertThat(run(connection, arguments(0, 8, true, "RUNNING"))).isEqualTo(List.of(-1L));
			byte[][] delete = arguments(7, 9, false, "");
			List<Object> deleted = run(connection, delete);
			assertThat(deleted.get(0)).isNotEqualTo(-1L);
			assertThat(run(connection, delete)).isEqualTo(deleted);
			assertThat(store.processes().find("order", "1")).isEmpty();
			assertThat(store.processes().counts()).isEmpty();
			assertThat(store.log().read(0, store.log().head(), 10)).hasSize(1);
		}
		finally {
			factory.destroy();
		}
	}

	@Test
	void withoutMemoryNothingIsChangedButWhatFreesSome() {
		try (RedisServer server = RedisServer.dedicated("--maxmemory-policy", "noeviction");
				RedisStoreFixture fixture = new RedisStoreFixture(RedisStoreFixture.configuration(server),
						RedisStoreFixture.settings())) {
			EventStore store = fixture.store();
			ProcessState state = new ProcessState("RUNNING", "{}", null);
			store.processes().commit(new ProcessChange("order", "1", ProcessChange.NOT_THERE, state, List.of()));
			ProcessRecord before = store.processes().find("order", "1").orElseThrow();
			server.execute("CONFIG", "SET", "maxmemory", "1");
			assertThatExceptionOfType(EventStoreException.class).isThrownBy(() -> store.processes()
				.commit(new ProcessChange("order", "1", before.version(), state, List.of(this.event))));
			assertThatExceptionOfType(EventStoreException.class).isThrownBy(() -> store.processes()
				.commit(new ProcessChange("order", "1", before.version(), state, List.of())));
			assertThat(store.processes().find("order", "1")).hasValue(before);
			assertThat(store.log().head()).isZero();
			assertThat(store.processes().commit(new ProcessChange("order", "1", before.version(), null, List.of())))
				.isPresent();
			assertThat(store.processes().find("order", "1")).isEmpty();
			server.execute("CONFIG", "SET", "maxmemory", "0");
		}
	}

}
