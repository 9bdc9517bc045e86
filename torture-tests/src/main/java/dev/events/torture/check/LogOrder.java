package dev.events.torture.check;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;

import dev.events.torture.check.History.Ending;

/**
 * What must be true of a log that is written without transactions: what was published
 * together is there as a whole, side by side, or not at all; and what was answered lies
 * in front of everything that began to be published later. Of what was not answered
 * nobody knows when it was stored, if it was.
 */
final class LogOrder {

	private final List<String> violations = new ArrayList<>();

	LogOrder(List<UUID> log, List<Append> appends) {
		Map<UUID, Integer> places = new HashMap<>();
		for (int place = 0; place < log.size(); place++) {
			places.put(log.get(place), place);
		}
		Map<UUID, Append> byEvent = new HashMap<>();
		for (Append append : appends) {
			append.events().forEach((id) -> byEvent.put(id, append));
			checkUnit(append, places);
		}
		checkTime(log, byEvent);
	}

	private void checkUnit(Append append, Map<UUID, Integer> places) {
		List<Integer> found = append.events().stream().map(places::get).filter(Objects::nonNull).toList();
		if (found.isEmpty()) {
			return;
		}
		boolean whole = found.size() == append.events().size();
		for (int i = 1; i < found.size(); i++) {
			whole &= found.get(i) == found.get(i - 1) + 1;
		}
		if (!whole) {
			this.violations.add("Published together, but in the log in places " + found + " of " + append);
		}
	}

	private void checkTime(List<UUID> log, Map<UUID, Append> byEvent) {
		Append latest = null;
		for (UUID id : log) {
			Append append = byEvent.get(id);
			if (append == null) {
				continue;
			}
			if (latest != null && append.ending() == Ending.COMMITTED && append.end() - latest.start() < 0) {
				this.violations.add("%s was answered before %s was published, but is behind it".formatted(id, latest));
			}
			if (latest == null || append.start() - latest.start() > 0) {
				latest = append;
			}
		}
	}

	List<String> violations() {
		return this.violations;
	}

}
