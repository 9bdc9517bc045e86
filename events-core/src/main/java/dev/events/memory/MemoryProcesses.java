package dev.events.memory;

import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.stream.Stream;

import dev.events.store.DeliveryOverException;
import dev.events.store.EventLog;
import dev.events.store.OpenDelivery;
import dev.events.store.ProcessChange;
import dev.events.store.ProcessCount;
import dev.events.store.ProcessRecord;
import dev.events.store.ProcessState;
import dev.events.store.Processes;
import org.jspecify.annotations.Nullable;

/**
 * The processes, under the same lock as the log.
 */
final class MemoryProcesses implements Processes {

	private final StateLock lock;

	private final InstantSource clock;

	private final EventLog log;

	private final Predicate<OpenDelivery> open;

	private final Map<String, NavigableMap<String, ProcessRecord>> byProcess = new TreeMap<>();

	private long lastVersion;

	MemoryProcesses(StateLock lock, InstantSource clock, EventLog log, Predicate<OpenDelivery> open) {
		this.lock = lock;
		this.clock = clock;
		this.log = log;
		this.open = open;
	}

	@Override
	public Optional<ProcessRecord> find(String process, String key) {
		return this.lock.get(() -> Optional.ofNullable(of(process).get(key)));
	}

	private NavigableMap<String, ProcessRecord> of(String process) {
		return this.byProcess.getOrDefault(process, new TreeMap<>());
	}

	@Override
	public List<ProcessRecord> list(String process, @Nullable String status, @Nullable String after, int limit) {
		return this.lock.get(() -> {
			NavigableMap<String, ProcessRecord> known = of(process);
			return ((after != null) ? known.tailMap(after, false) : known).values()
				.stream()
				.filter((one) -> status == null || one.state().status().equals(status))
				.limit(limit)
				.toList();
		});
	}

	@Override
	public List<ProcessRecord> due(String process, int limit) {
		return this.lock.get(() -> {
			Instant now = this.clock.instant();
			return of(process).values()
				.stream()
				.flatMap((known) -> Stream.ofNullable(known.state().dueAt()).map((dueAt) -> new Due(dueAt, known)))
				.filter((due) -> !due.at.isAfter(now))
				.sorted(Comparator.comparing(Due::at))
				.limit(limit)
				.map(Due::process)
				.toList();
		});
	}

	@Override
	public List<ProcessCount> counts() {
		return this.lock.get(() -> {
			List<ProcessCount> counts = new ArrayList<>();
			this.byProcess.forEach((process, known) -> {
				Map<String, Long> byStatus = new TreeMap<>();
				known.values().forEach((one) -> byStatus.merge(one.state().status(), 1L, Long::sum));
				byStatus.forEach((status, count) -> counts.add(new ProcessCount(process, status, count)));
			});
			return List.copyOf(counts);
		});
	}

	@Override
	public Optional<List<Long>> commit(ProcessChange change) {
		return this.lock.get(() -> {
			OpenDelivery delivery = change.delivery();
			if (delivery != null && !this.open.test(delivery)) {
				throw new DeliveryOverException(delivery);
			}
			ProcessRecord known = of(change.process()).get(change.key());
			if (change.expected() != ((known != null) ? known.version() : ProcessChange.NOT_THERE)) {
				return Optional.empty();
			}
			store(change, known);
			return Optional.of(this.log.append(change.events()));
		});
	}

	private void store(ProcessChange change, @Nullable ProcessRecord known) {
		ProcessState state = change.state();
		if (state == null) {
			this.byProcess.computeIfPresent(change.process(), (process, all) -> {
				all.remove(change.key());
				return all.isEmpty() ? null : all;
			});
			return;
		}
		Instant now = this.clock.instant();
		this.byProcess.computeIfAbsent(change.process(), (process) -> new TreeMap<>())
			.put(change.key(), new ProcessRecord(change.process(), change.key(), ++this.lastVersion, state,
					(known != null) ? known.createdAt() : now, now));
	}

	private record Due(Instant at, ProcessRecord process) {

	}

}
