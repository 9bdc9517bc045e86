package dev.events.saga;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.Predicate;
import java.util.stream.Collectors;

import dev.events.DeadLetters;
import dev.events.DeadLetters.Filter;
import dev.events.SagaInfo.Failure;
import dev.events.SagaInfo.Status;
import dev.events.store.EventStore;
import dev.events.store.ProcessChange;
import dev.events.store.ProcessRecord;
import dev.events.store.ProcessState;
import dev.events.store.StoredDelivery;
import org.jspecify.annotations.Nullable;

/**
 * Has failed sagas try again. Needs no definition: the nodes that have it do the rest.
 * Thread-safe.
 */
final class SagaRetries {

	private static final int PAGE = 500;

	private static final int TURNS = 50;

	private final EventStore store;

	private final DeadLetters deadLetters;

	SagaRetries(EventStore store, DeadLetters deadLetters) {
		this.store = store;
		this.deadLetters = deadLetters;
	}

	/** See {@link dev.events.Sagas#retry(String, String)}. */
	boolean retry(String subscription, String key) {
		return retry(subscription, key, (failure) -> true);
	}

	/** See {@link dev.events.Sagas#retry(String, String, UUID)}. */
	boolean retry(String subscription, String key, UUID event) {
		return retry(subscription, key, (failure) -> event.equals(failure.eventId()));
	}

	private boolean retry(String subscription, String key, Predicate<Failure> which) {
		for (int turn = 1; turn <= TURNS; turn++) {
			Optional<ProcessRecord> known = this.store.processes().find(subscription, key);
			if (known.isEmpty() || SagaRecords.status(known.get()) != Status.FAILED) {
				return false;
			}
			SagaData data = SagaData.read(known.get().state().data());
			List<Failure> chosen = data.failures().stream().filter(which).toList();
			// one that failed without room for the failure has timed out
			boolean timeout = data.failures().isEmpty() || chosen.stream().anyMatch(SagaRetries::isTimeout);
			if (chosen.isEmpty() && !timeout) {
				return false;
			}
			List<StoredDelivery> letters = deadLetters(subscription, chosen);
			if (prepare(known.get(), data, chosen, letters, timeout)) {
				letters.forEach((letter) -> this.deadLetters.retry(letter.id()));
				return true;
			}
		}
		return false;
	}

	/**
	 * Lets the timeout be due, and forgets failures of events that are no dead letters.
	 * @return whether that is so now; not when the saga has changed meanwhile
	 */
	private boolean prepare(ProcessRecord known, SagaData data, List<Failure> chosen, List<StoredDelivery> letters,
			boolean timeout) {
		Set<UUID> dead = letters.stream().map((letter) -> letter.event().id()).collect(Collectors.toSet());
		List<Failure> left = data.failures()
			.stream()
			.filter((failure) -> !chosen.contains(failure) || isTimeout(failure) || dead.contains(failure.eventId()))
			.toList();
		if (!timeout && left.equals(data.failures())) {
			return true;
		}
		Status status = (left.isEmpty() && !timeout) ? Status.RUNNING : Status.FAILED;
		ProcessState next = new ProcessState(status.name(), data.withFailures(left).write(),
				timeout ? this.store.now() : known.state().dueAt());
		return this.store.processes()
			.commit(new ProcessChange(known.process(), known.key(), known.version(), next, List.of()))
			.isPresent();
	}

	private static boolean isTimeout(Failure failure) {
		return failure.eventId() == null;
	}

	/** The dead letters of events, in the order of the log. */
	private List<StoredDelivery> deadLetters(String subscription, List<Failure> failures) {
		Set<UUID> events = failures.stream()
			.filter((failure) -> !isTimeout(failure))
			.map(Failure::eventId)
			.collect(Collectors.toSet());
		List<StoredDelivery> found = new ArrayList<>();
		Filter filter = Filter.all().subscription(subscription);
		List<StoredDelivery> page = List.of();
		do {
			@Nullable UUID after = page.isEmpty() ? null : page.get(page.size() - 1).id();
			page = (found.size() < events.size()) ? this.store.deliveries().deadLetters(filter, after, PAGE)
					: List.of();
			page.stream().filter((letter) -> events.contains(letter.event().id())).forEach(found::add);
		}
		while (page.size() == PAGE);
		found.sort(Comparator.comparingLong(StoredDelivery::position));
		return found;
	}

}
