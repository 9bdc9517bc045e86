package dev.events.bus;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.UUID;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;

import com.fasterxml.uuid.Generators;
import com.fasterxml.uuid.NoArgGenerator;
import dev.events.EventPattern;
import dev.events.EventReplay;
import dev.events.InvalidSubscriptionException;
import dev.events.Replay;
import dev.events.ReplayInfo.State;
import dev.events.SubscriptionDefinition;
import dev.events.store.EventCriteria;
import dev.events.store.EventStore;
import dev.events.store.ReplayRecord;
import dev.events.store.StoredEvent;
import dev.events.store.SubscriptionRecord;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * A replay that is asked for.
 *
 * @param store where the events are
 * @param onStart called when one was started
 * @param criteria which events
 * @param subscription id of the subscription, or {@code null} until it is given
 * @param limit events a second, or 0 for any number
 */
record ReplayRequest(EventStore store, Runnable onStart, EventCriteria criteria, @Nullable String subscription,
		double limit) implements EventReplay {

	private static final NoArgGenerator IDS = Generators.timeBasedEpochGenerator();

	static ReplayRequest all(EventStore store, Runnable onStart) {
		return new ReplayRequest(store, onStart, EventCriteria.ALL, null, 0);
	}

	private ReplayRequest with(UnaryOperator<EventCriteria> change) {
		return new ReplayRequest(this.store, this.onStart, change.apply(this.criteria), this.subscription, this.limit);
	}

	@Override
	public EventReplay from(Instant from) {
		Instant since = StoreQuery.storable(from);
		return with((c) -> new EventCriteria(c.types(), c.source(), c.key(), c.organization(), null, since, c.until(),
				Map.of(), false, null));
	}

	@Override
	public EventReplay to(Instant to) {
		Instant until = StoreQuery.storable(to);
		return with((c) -> new EventCriteria(c.types(), c.source(), c.key(), c.organization(), null, c.since(), until,
				Map.of(), false, null));
	}

	@Override
	public EventReplay type(String... patterns) {
		List<EventPattern> types = Stream.of(patterns).map(EventPattern::of).toList();
		return with((c) -> new EventCriteria(types, c.source(), c.key(), c.organization(), null, c.since(), c.until(),
				Map.of(), false, null));
	}

	@Override
	public EventReplay source(String source) {
		return with((c) -> new EventCriteria(c.types(), source, c.key(), c.organization(), null, c.since(), c.until(),
				Map.of(), false, null));
	}

	@Override
	public EventReplay key(String key) {
		return with((c) -> new EventCriteria(c.types(), c.source(), key, c.organization(), null, c.since(), c.until(),
				Map.of(), false, null));
	}

	@Override
	public EventReplay organization(String organization) {
		return with((c) -> new EventCriteria(c.types(), c.source(), c.key(), organization, null, c.since(), c.until(),
				Map.of(), false, null));
	}

	@Override
	public EventReplay subscriber(String id) {
		return new ReplayRequest(this.store, this.onStart, this.criteria, id, this.limit);
	}

	@Override
	public EventReplay rate(double eventsPerSecond) {
		if (!(eventsPerSecond > 0) || Double.isInfinite(eventsPerSecond)) {
			throw new IllegalArgumentException("rate is " + eventsPerSecond
					+ "; it must be greater than 0. For any number of events a second leave it out");
		}
		return new ReplayRequest(this.store, this.onStart, this.criteria, this.subscription, eventsPerSecond);
	}

	@Override
	public Preview dryRun() {
		Range range = range(subscriptionRecord());
		return new Preview(range.subscription.id(), range.total(), range.byType,
				(range.first != null) ? range.first.event().timestamp() : null,
				(range.last != null) ? range.last.event().timestamp() : null);
	}

	@Override
	public Replay start() {
		SubscriptionRecord subscription = subscriptionRecord();
		Range range = range(subscription);
		UUID id = IDS.generate();
		long after = (range.first != null) ? range.first.position() - 1 : 0;
		long upTo = (range.first != null) ? range.upTo : 0;
		long total = range.total();
		ReplayRecord replay = new ReplayRecord(id, subscription.id(), range.criteria, after, upTo, total, this.limit,
				(total > 0) ? State.RUNNING : State.COMPLETED);
		if (!this.store.replays().create(replay)) {
			throw refused(subscription.id());
		}
		this.onStart.run();
		return new StoredReplay(id, subscription.id(), this.store.replays(), this.onStart);
	}

	private InvalidSubscriptionException refused(String id) {
		Optional<ReplayRecord> active = this.store.replays()
			.active()
			.stream()
			.filter((replay) -> replay.subscription().equals(id))
			.findFirst();
		if (active.isEmpty() && this.store.subscriptions().find(id).isEmpty()) {
			return unknown(id);
		}
		return new InvalidSubscriptionException("A replay of subscription '" + id + "' is active"
				+ active.map((replay) -> ", " + replay.id()).orElse("") + "; wait for its end, or cancel it");
	}

	private SubscriptionRecord subscriptionRecord() {
		Instant from = this.criteria.since();
		Instant to = this.criteria.until();
		if (from != null && to != null && !from.isBefore(to)) {
			throw new IllegalArgumentException("The time range is empty: from " + from + " is not before to " + to);
		}
		String id = this.subscription;
		if (id == null) {
			throw new IllegalArgumentException(
					"Say to which subscriber events are replayed: replay().subscriber(\"some-id\")");
		}
		SubscriptionRecord record = this.store.subscriptions().find(id).orElseThrow(() -> unknown(id));
		if (hasOptedOut(record)) {
			throw new InvalidSubscriptionException("Subscription '" + id + "' takes no replays: its "
					+ (record.isHandler() ? "subscriber says @EventSubscriber(replay = false)"
							: "configuration says delivery.replay: false"));
		}
		return record;
	}

	private static InvalidSubscriptionException unknown(String id) {
		return new InvalidSubscriptionException("There is no subscription '" + id + "' that events could be replayed "
				+ "to. Synchronous and broadcast subscribers, and those without an id, have none");
	}

	private static boolean hasOptedOut(SubscriptionRecord record) {
		try {
			JsonNode config = JsonMapper.shared().readTree(record.config());
			JsonNode options = record.isHandler() ? config : config.path(SubscriptionDefinition.DELIVERY);
			return !options.path("replay").asBoolean(true);
		}
		catch (JacksonException ex) {
			return false;
		}
	}

	/** What the subscription is not for anyway need not be read. */
	private Range range(SubscriptionRecord subscription) {
		List<EventPattern> patterns = subscription.patterns().stream().map(EventPattern::of).toList();
		EventCriteria c = this.criteria;
		boolean everything = patterns.stream().anyMatch((pattern) -> pattern.toString().equals("**"));
		EventCriteria criteria = new EventCriteria((c.types().isEmpty() && !everything) ? patterns : c.types(),
				c.source(), c.key(), (c.organization() != null) ? c.organization() : subscription.organization(), null,
				c.since(), c.until(), Map.of(), false, null);
		Map<String, Long> byType = new TreeMap<>();
		boolean foreign = subscription.organization() != null
				&& !subscription.organization().equals(criteria.organization());
		long head = this.store.log().head();
		StoredEvent first = foreign ? null : firstOf(criteria, head);
		if (first == null) {
			return new Range(subscription, criteria, byType, null, null, head);
		}
		Map<String, Long> counts = new TreeMap<>(this.store.log().count(criteria, head));
		// that may have taken long; what is live before a replay begins comes twice
		long upTo = this.store.log().head();
		if (upTo > head) {
			this.store.log()
				.count(criteria.beyond(head), upTo)
				.forEach((type, count) -> counts.merge(type, count, Long::sum));
		}
		counts.forEach((type, count) -> {
			if (patterns.stream().anyMatch((pattern) -> pattern.matches(type))) {
				byType.put(type, count);
			}
		});
		return new Range(subscription, criteria, byType, first, lastOf(criteria, upTo), upTo);
	}

	private @Nullable StoredEvent firstOf(EventCriteria criteria, long head) {
		return this.store.log()
			.query(criteria, 1)
			.stream()
			.filter((event) -> event.position() <= head)
			.findFirst()
			.orElse(null);
	}

	private @Nullable StoredEvent lastOf(EventCriteria criteria, long head) {
		return this.store.log().query(criteria.newestBelow(head + 1), 1).stream().findFirst().orElse(null);
	}

	/**
	 * The part of the log that a replay is about.
	 */
	private record Range(SubscriptionRecord subscription, EventCriteria criteria, Map<String, Long> byType,
			@Nullable StoredEvent first, @Nullable StoredEvent last, long upTo) {

		long total() {
			return this.byType.values().stream().mapToLong(Long::longValue).sum();
		}

	}

}
