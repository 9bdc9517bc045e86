package dev.events.test.store;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;

import dev.events.EventPattern;
import dev.events.store.EventCriteria;
import dev.events.store.StoredEvent;
import org.jspecify.annotations.Nullable;

/**
 * Criteria in the making, mutable.
 */
final class Query {

	static final List<String> TYPES = List.of("user.created", "user.deleted", "order.created", "order.item.added",
			"task_manager:task_created");

	private static final List<String> PATTERNS = List.of("user.*", "*.created", "order.**", "task_manager:*",
			"order.item.added", "**");

	private List<EventPattern> types = List.of();

	private @Nullable String source;

	private @Nullable String key;

	private @Nullable String organization;

	private @Nullable String correlationId;

	private @Nullable Instant since;

	private @Nullable Instant until;

	private Map<String, String> metadata = Map.of();

	private boolean newestFirst;

	private @Nullable Long beyond;

	static Query types(String... patterns) {
		Query query = new Query();
		query.types = Stream.of(patterns).map(EventPattern::of).toList();
		return query;
	}

	/** A combination of about two criteria. */
	static Query random(Random random, Instant start, List<StoredEvent> events) {
		Query query = (random.nextInt(3) > 0) ? types(PATTERNS.get(random.nextInt(PATTERNS.size()))) : new Query();
		query.source = oneOf(random, "s", 3);
		query.key = oneOf(random, "k", 3);
		query.organization = oneOf(random, "o", 2);
		query.correlationId = oneOf(random, "c", 3);
		query.since = (random.nextInt(4) == 0) ? start.plusSeconds(random.nextInt(60)) : null;
		query.until = (random.nextInt(4) == 0) ? start.plusSeconds(40 + random.nextInt(60)) : null;
		query.metadata = (random.nextInt(4) == 0) ? Map.of("m", "v" + random.nextInt(2)) : Map.of();
		query.newestFirst = random.nextBoolean();
		query.beyond = (random.nextInt(3) == 0) ? (Long) events.get(random.nextInt(events.size())).position() : null;
		return query;
	}

	private static @Nullable String oneOf(Random random, String prefix, int count) {
		return (random.nextInt(5) == 0) ? prefix + random.nextInt(count) : null;
	}

	Query source(String source) {
		this.source = source;
		return this;
	}

	Query key(String key) {
		this.key = key;
		return this;
	}

	Query organization(String organization) {
		this.organization = organization;
		return this;
	}

	Query correlationId(String correlationId) {
		this.correlationId = correlationId;
		return this;
	}

	Query since(Instant since) {
		this.since = since;
		return this;
	}

	Query until(Instant until) {
		this.until = until;
		return this;
	}

	Query metadata(Map<String, String> metadata) {
		this.metadata = metadata;
		return this;
	}

	Query newestFirst() {
		this.newestFirst = true;
		return this;
	}

	Query beyond(@Nullable Long beyond) {
		this.beyond = beyond;
		return this;
	}

	EventCriteria criteria() {
		return new EventCriteria(this.types, this.source, this.key, this.organization, this.correlationId, this.since,
				this.until, this.metadata, this.newestFirst, this.beyond);
	}

}
