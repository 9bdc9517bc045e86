package dev.events.torture;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;

import dev.events.DeadLetters;
import dev.events.store.EventStore;
import dev.events.store.StoredDelivery;
import dev.events.store.StoredEvent;

/**
 * Reads what a store holds that has no tables to be read.
 */
final class RedisContents {

	private static final int PAGE = 1000;

	private RedisContents() {
	}

	static String undone(EventStore store) {
		List<String> undone = new ArrayList<>();
		long head = store.log().head();
		store.cursors()
			.list()
			.stream()
			.filter((cursor) -> cursor.position() < head)
			.forEach((cursor) -> undone.add(cursor.partition() + " at " + cursor.position() + " of " + head));
		store.deliveries()
			.counts()
			.stream()
			.filter((counts) -> counts.waiting() > 0)
			.forEach((counts) -> undone.add(counts.subscription() + " waiting " + counts.waiting()));
		deadLetters(store).stream()
			.filter(StoredDelivery::holding)
			.forEach((delivery) -> undone.add(delivery.partition() + " holding " + delivery.event().id()));
		return String.join(", ", undone);
	}

	static Contents read(EventStore store) {
		Map<String, Set<UUID>> dead = new HashMap<>();
		deadLetters(store)
			.forEach((delivery) -> dead.computeIfAbsent(delivery.partition().subscription(), (first) -> new HashSet<>())
				.add(delivery.event().id()));
		return new Contents(Map.of(), log(store), dead, List.of());
	}

	private static List<UUID> log(EventStore store) {
		List<UUID> log = new ArrayList<>();
		long head = store.log().head();
		List<StoredEvent> page = store.log().read(0, head, PAGE);
		while (!page.isEmpty()) {
			page.forEach((event) -> log.add(event.event().id()));
			page = store.log().read(page.get(page.size() - 1).position(), head, PAGE);
		}
		return log;
	}

	private static List<StoredDelivery> deadLetters(EventStore store) {
		List<StoredDelivery> all = new ArrayList<>();
		List<StoredDelivery> page = store.deliveries().deadLetters(DeadLetters.Filter.all(), null, PAGE);
		while (!page.isEmpty()) {
			all.addAll(page);
			page = store.deliveries().deadLetters(DeadLetters.Filter.all(), page.get(page.size() - 1).id(), PAGE);
		}
		return all;
	}

}
