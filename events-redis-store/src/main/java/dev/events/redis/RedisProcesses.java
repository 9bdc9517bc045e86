package dev.events.redis;

import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import java.util.stream.IntStream;

import dev.events.store.DeliveryOverException;
import dev.events.store.Lease;
import dev.events.store.OpenDelivery;
import dev.events.store.ProcessChange;
import dev.events.store.ProcessCount;
import dev.events.store.ProcessRecord;
import dev.events.store.ProcessState;
import dev.events.store.Processes;
import org.jspecify.annotations.Nullable;

/**
 * Processes as hashes; how they are found is said in {@code processes.lua}. A version is
 * random: it tells a repeated script that it has run before, and after a failover nobody
 * gives out one that a node has seen with another state.
 */
final class RedisProcesses implements Processes {

	private static final long STALE = -1;

	private static final long OVER = -2;

	// far longer than calls are repeated
	private static final Duration DELETION_KNOWN = Duration.ofMinutes(1);

	private final RedisCalls calls;

	RedisProcesses(RedisCalls calls) {
		this.calls = calls;
	}

	@Override
	public Optional<ProcessRecord> find(String process, String key) {
		return records(process,
				this.calls.run("read a process", Script.PROCESS_FIND, new Arguments().add(process).add(key)))
			.stream()
			.findFirst();
	}

	@Override
	public List<ProcessRecord> list(String process, @Nullable String status, @Nullable String after, int limit) {
		return records(process, this.calls.run("read processes", Script.PROCESS_LIST,
				new Arguments().add(process).addNullable(status).add((after != null) ? after : "").add(limit)));
	}

	@Override
	public List<ProcessRecord> due(String process, int limit) {
		return records(process, this.calls.run("look for processes that are due", Script.PROCESS_DUE,
				new Arguments().add(process).add(TimeText.LENGTH).add(limit)));
	}

	@Override
	public List<ProcessCount> counts() {
		return this.calls.run("count processes", Script.PROCESS_COUNTS, new Arguments())
			.lists()
			.stream()
			.map((count) -> new ProcessCount(count.string(0), count.string(1), count.number(2)))
			.toList();
	}

	@Override
	public Optional<List<Long>> commit(ProcessChange change) {
		ProcessState state = change.state();
		Arguments arguments = new Arguments().add(change.process())
			.add(change.key())
			.add(change.expected())
			.add(ThreadLocalRandom.current().nextLong(1, Long.MAX_VALUE))
			.add(DELETION_KNOWN.toMillis())
			.add(state != null)
			.add((state != null) ? state.status() : "")
			.add((state != null) ? state.data() : "")
			.add((state != null && state.dueAt() != null) ? TimeText.of(state.dueAt()) : "");
		add(arguments, change.delivery());
		if (!change.events().isEmpty()) {
			Arrays.stream(RedisEventLog.arguments(change.events())).forEach(arguments::add);
		}
		Answer answer = this.calls.run("make a step of a process", Script.PROCESS_COMMIT, arguments);
		if (change.delivery() != null && answer.number(0) == OVER) {
			throw new DeliveryOverException(change.delivery());
		}
		if (answer.number(0) == STALE) {
			return Optional.empty();
		}
		return Optional.of(RedisEventLog.positions(answer, change.events().size()));
	}

	private static void add(Arguments arguments, @Nullable OpenDelivery delivery) {
		if (delivery == null) {
			IntStream.range(0, 6).forEach((none) -> arguments.add(""));
			return;
		}
		Lease lease = delivery.lease();
		arguments.add(delivery.stored() ? "stored" : "log")
			.add(lease.partition().subscription())
			.add(lease.partition().partition())
			.add(lease.epoch())
			.add(lease.node())
			.add(delivery.position());
	}

	private static List<ProcessRecord> records(String process, Answer answer) {
		return answer.lists().stream().map((row) -> record(process, row)).toList();
	}

	private static ProcessRecord record(String process, Answer row) {
		String due = row.nullableString(4);
		ProcessState state = new ProcessState(row.string(2), row.string(3),
				(due != null) ? TimeText.instant(due) : null);
		return new ProcessRecord(process, row.string(0), row.number(1), state, row.instant(5), row.instant(6));
	}

}
