package dev.events.redis;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Collectors;

import dev.events.EventPattern;
import dev.events.ReplayInfo.State;
import dev.events.store.EventCriteria;
import dev.events.store.FormerPartitions;
import dev.events.store.ReplayProgress;
import dev.events.store.ReplayRecord;
import org.jspecify.annotations.Nullable;

/**
 * A replay as fields of a hash; what is {@code null} has none. Scripts read and write
 * only state, times and progress.
 */
final class ReplayFields {

	private final Map<String, String> fields = new HashMap<>();

	private ReplayFields(Answer fields) {
		for (int i = 0; i < fields.size(); i += 2) {
			this.fields.put(fields.string(i), fields.string(i + 1));
		}
	}

	/** Adds names and values of what a replay begins with. */
	static void add(Arguments arguments, ReplayRecord replay) {
		EventCriteria criteria = replay.criteria();
		add(arguments, "types", criteria.types().stream().map(EventPattern::toString).collect(Collectors.joining(",")));
		add(arguments, "source", criteria.source());
		add(arguments, "key", criteria.key());
		add(arguments, "organization", criteria.organization());
		add(arguments, "since", criteria.since());
		add(arguments, "until", criteria.until());
		add(arguments, "after", replay.after());
		add(arguments, "upTo", replay.upTo());
		add(arguments, "total", replay.total());
		add(arguments, "rate", replay.rate());
		add(arguments, "state", replay.state());
	}

	private static void add(Arguments arguments, String name, @Nullable Object value) {
		if (value != null) {
			arguments.add(name).add(value.toString());
		}
	}

	static ReplayRecord record(String id, Answer fields, Instant asOf) {
		return new ReplayFields(fields).record(UUID.fromString(id), asOf);
	}

	private ReplayRecord record(UUID id, Instant asOf) {
		String finished = this.fields.get("finished");
		return new ReplayRecord(id, text("subscription"), criteria(), number("after"), number("upTo"), number("total"),
				Double.parseDouble(text("rate")), State.valueOf(text("state")), Answer.instant(number("created")),
				(finished != null) ? Answer.instant(Long.parseLong(finished)) : null, asOf,
				FormerPartitions.parse(this.fields.get("former")), progress(id));
	}

	private EventCriteria criteria() {
		String types = text("types");
		List<EventPattern> patterns = types.isEmpty() ? List.of()
				: Arrays.stream(types.split(",")).map(EventPattern::of).toList();
		return new EventCriteria(patterns, this.fields.get("source"), this.fields.get("key"),
				this.fields.get("organization"), null, nullableInstant("since"), nullableInstant("until"), Map.of(),
				false, null);
	}

	private List<ReplayProgress> progress(UUID id) {
		List<ReplayProgress> progress = new ArrayList<>();
		for (int n = 0; n < number("partitions"); n++) {
			progress.add(new ReplayProgress(id, number("position" + n), number("handled" + n), number("failed" + n)));
		}
		return progress;
	}

	private String text(String name) {
		return this.fields.getOrDefault(name, "");
	}

	private long number(String name) {
		return Long.parseLong(text(name));
	}

	private @Nullable Instant nullableInstant(String name) {
		String text = this.fields.get(name);
		return (text != null) ? Instant.parse(text) : null;
	}

}
