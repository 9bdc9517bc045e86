package dev.events.redis;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

import dev.events.DeadLetters;
import dev.events.store.Deliveries;
import dev.events.store.DeliveryCounts;
import dev.events.store.DeliveryStatus;
import dev.events.store.KeyQueue;
import dev.events.store.ParkedState;
import dev.events.store.PartitionId;
import dev.events.store.StoredDelivery;
import org.jspecify.annotations.Nullable;

/**
 * Stored deliveries: reads, and what operators do. How they are kept is said in the
 * script {@code deliveries.lua}.
 */
final class RedisDeliveries implements Deliveries {

	private static final int PAGE = 200;

	private final RedisCalls calls;

	private final DeadLetterPages pages;

	RedisDeliveries(RedisCalls calls) {
		this.calls = calls;
		this.pages = new DeadLetterPages(calls);
	}

	@Override
	public List<StoredDelivery> due(Collection<PartitionId> partitions, int limit) {
		if (partitions.isEmpty()) {
			return List.of();
		}
		Arguments arguments = new Arguments().add(limit);
		new HashSet<>(partitions)
			.forEach((partition) -> arguments.add(partition.subscription()).add(partition.partition()));
		return deliveries(this.calls.run("read due deliveries", Script.DUE, arguments));
	}

	@Override
	public KeyQueue queued(PartitionId partition, String key, int limit) {
		Answer answer = this.calls.run("read queued deliveries", Script.QUEUED,
				new Arguments().add(partition.subscription()).add(partition.partition()).add(key).add(limit));
		return new KeyQueue(answer.isTrue(0), deliveries(answer.list(1)));
	}

	@Override
	public ParkedState parkedState(PartitionId partition, long position) {
		Answer answer = this.calls.run("read parked deliveries", Script.PARKED_STATE,
				new Arguments().add(partition.subscription()).add(partition.partition()).add(position));
		Map<String, Long> blocked = new HashMap<>();
		Answer keys = answer.list(0);
		for (int i = 0; i < keys.size(); i += 2) {
			blocked.put(keys.string(i), keys.number(i + 1));
		}
		Set<String> ready = new HashSet<>();
		Answer readyKeys = answer.list(1);
		for (int i = 0; i < readyKeys.size(); i++) {
			ready.add(readyKeys.string(i));
		}
		Set<Long> ahead = new HashSet<>();
		Answer positions = answer.list(2);
		for (int i = 0; i < positions.size(); i++) {
			ahead.add(positions.number(i));
		}
		return new ParkedState(blocked, ready, ahead, answer.number(3));
	}

	@Override
	public List<StoredDelivery> deadLetters(DeadLetters.Filter filter, @Nullable UUID after, int limit) {
		List<StoredDelivery> found = new ArrayList<>();
		UUID last = after;
		boolean more = true;
		while (more && found.size() < limit) {
			DeadLetterPages.Page page = this.pages.read(filter, last, PAGE);
			List<DeadLetterPages.Place> places = page.matching(filter);
			found.addAll(load(places.subList(0, Math.min(places.size(), limit - found.size()))));
			last = page.last();
			more = page.isFull();
		}
		return found;
	}

	private List<StoredDelivery> load(List<DeadLetterPages.Place> places) {
		if (places.isEmpty()) {
			return List.of();
		}
		Arguments arguments = new Arguments();
		places.forEach((place) -> place.addTo(arguments));
		return deliveries(this.calls.run("read dead letters", Script.DEAD_LETTERS, arguments));
	}

	@Override
	public Optional<StoredDelivery> findDeadLetter(UUID id) {
		return this.pages.find(id).flatMap((place) -> load(List.of(place)).stream().findFirst());
	}

	@Override
	public long countDeadLetters(DeadLetters.Filter filter) {
		long count = 0;
		DeadLetterPages.Page page;
		UUID last = null;
		do {
			page = this.pages.read(filter, last, PAGE);
			count += page.matching(filter).size();
			last = page.last();
		}
		while (page.isFull());
		return count;
	}

	@Override
	public int retry(DeadLetters.Filter filter) {
		return operateOnAll("retry", filter);
	}

	@Override
	public boolean retry(UUID id, @Nullable String data) {
		Optional<StoredDelivery> found = findDeadLetter(id);
		byte[] event = found.filter((delivery) -> data != null)
			.map((delivery) -> PackedEvents.pack(delivery.event().withData(String.valueOf(data))))
			.orElseGet(() -> new byte[0]);
		return found.isPresent() && operate("retry", id, event);
	}

	@Override
	public boolean skip(UUID id) {
		return operate("skip", id, new byte[0]);
	}

	@Override
	public boolean discard(UUID id) {
		return operate("discard", id, new byte[0]);
	}

	@Override
	public int discard(DeadLetters.Filter filter) {
		return operateOnAll("discard", filter);
	}

	private boolean operate(String operation, UUID id, byte[] event) {
		return this.pages.find(id).filter((place) -> operate(operation, List.of(place), event) > 0).isPresent();
	}

	/** Changes all that match, so many at a time that others do not wait for long. */
	private int operateOnAll(String operation, DeadLetters.Filter filter) {
		int changed = 0;
		DeadLetterPages.Page page;
		UUID last = null;
		do {
			page = this.pages.read(filter, last, PAGE);
			changed += operate(operation, page.matching(filter), new byte[0]);
			last = page.last();
		}
		while (page.isFull());
		return changed;
	}

	private int operate(String operation, List<DeadLetterPages.Place> places, byte[] event) {
		if (places.isEmpty()) {
			return 0;
		}
		Arguments arguments = new Arguments().add(operation).add(event);
		places.forEach((place) -> place.addTo(arguments));
		return (int) this.calls.number(operation + " dead letters", Script.DEAD_LETTER_OPERATION, arguments);
	}

	@Override
	public Set<Long> stored(String subscription, Collection<Long> positions) {
		Arguments arguments = new Arguments().add(subscription);
		positions.forEach(arguments::add);
		Answer answer = this.calls.run("look for stored deliveries", Script.STORED_DELIVERIES, arguments);
		return IntStream.range(0, answer.size()).mapToObj(answer::number).collect(Collectors.toSet());
	}

	@Override
	public List<DeliveryCounts> counts() {
		return this.calls.run("count deliveries", Script.DELIVERY_COUNTS, new Arguments())
			.lists()
			.stream()
			.map((counts) -> new DeliveryCounts(counts.string(0), counts.number(1), counts.number(2)))
			.toList();
	}

	private static List<StoredDelivery> deliveries(Answer answer) {
		return answer.lists().stream().map(RedisDeliveries::delivery).toList();
	}

	private static StoredDelivery delivery(Answer d) {
		return new StoredDelivery(UUID.fromString(d.string(3)), new PartitionId(d.string(0), (int) d.number(1)),
				d.number(2), PackedEvents.unpack(d.bytes(9)), DeliveryStatus.valueOf(d.string(4)), (int) d.number(5),
				d.isTrue(6), d.nullableInstant(7), d.nullableInstant(8), PackedFailures.unpack(d.nullableBytes(10)),
				d.isTrue(11));
	}

}
