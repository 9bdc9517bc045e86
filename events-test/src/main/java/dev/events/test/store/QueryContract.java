package dev.events.test.store;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;

import dev.events.store.EventCriteria;
import dev.events.store.EventLog;
import dev.events.store.EventRecord;
import dev.events.store.StoredEvent;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Queries over the log.
 */
abstract class QueryContract extends StoreContract {

	private static final Instant NOON = Instant.parse("2026-06-01T12:00:00Z");

	@Test
	void byType() {
		StoredEvent created = appended(EventRecords.event("user.created", null));
		StoredEvent clicked = appended(EventRecords.event("user.activity.click", null));
		StoredEvent ordered = appended(EventRecords.event("order.created", null));
		StoredEvent user = appended(EventRecords.event("user", null));
		assertThat(query(Query.types("user.created"))).containsExactly(created);
		assertThat(query(Query.types("order.created", "user.created"))).containsExactly(created, ordered);
		assertThat(query(Query.types("user.*"))).containsExactly(created);
		assertThat(query(Query.types("user.**"))).containsExactly(created, clicked, user);
		assertThat(query(Query.types("*.created"))).containsExactly(created, ordered);
		assertThat(query(Query.types("**.click", "user"))).containsExactly(clicked, user);
		assertThat(query(Query.types("**"))).containsExactly(created, clicked, ordered, user);
		assertThat(query(Query.types("user.deleted"))).isEmpty();
		assertThat(query(Query.types("user.*", "user.**", "*.created", "order.created", "order.created", "user")))
			.containsExactly(created, clicked, ordered, user);
		assertThat(this.store.log().query(Query.types("user.*", "user.**", "*.created").criteria(), 2))
			.containsExactly(created, clicked);
	}

	@Test
	void countsByType() {
		appended(EventRecords.event("user.created", "k"));
		appended(EventRecords.event("user.deleted", null));
		appended(EventRecords.event("order.placed", "k"));
		StoredEvent last = appended(EventRecords.event("user.created", "k"));
		appended(EventRecords.event("user.created", "k"));
		assertThat(this.store.log().count(Query.types("user.*").criteria(), last.position()))
			.containsExactlyInAnyOrderEntriesOf(Map.of("user.created", 2L, "user.deleted", 1L));
		assertThat(this.store.log().count(EventCriteria.ALL.withKey("k"), last.position()))
			.containsExactlyInAnyOrderEntriesOf(Map.of("user.created", 2L, "order.placed", 1L));
		assertThat(this.store.log().count(EventCriteria.ALL.beyond(last.position() - 1), last.position()))
			.containsExactlyInAnyOrderEntriesOf(Map.of("user.created", 1L));
		assertThat(this.store.log().count(Query.types("user.unknown").criteria(), last.position())).isEmpty();
	}

	@Test
	void countsMoreThanAPage() {
		appended(EventRecords.events(EventLog.COUNT_PAGE * 2 + 1));
		long head = this.store.log().head();
		assertThat(this.store.log().count(EventCriteria.ALL, head).values())
			.containsExactly(EventLog.COUNT_PAGE * 2L + 1);
	}

	@Test
	void typesAreTakenLiterally() {
		StoredEvent task = appended(EventRecords.event("task_manager:task_created", null));
		appended(EventRecords.event("taskXmanager:task_created", null));
		appended(EventRecords.event("task_manager.task_created", null));
		appended(EventRecords.event("Task_manager:task_created", null));
		assertThat(query(Query.types("task_manager:*"))).containsExactly(task);
		assertThat(query(Query.types("task_manager:task_created"))).containsExactly(task);
		assertThat(query(Query.types("task_manager:**"))).containsExactly(task);
	}

	@Test
	void byEachEnvelopeField() {
		StoredEvent event = appended(EventRecords.event("a")
			.source("crm")
			.key("k-1")
			.organization("acme")
			.correlationId("c-1")
			.metadata("trace", "t-1")
			.metadata("it's", "a \"b\" \\ %_ 🎉")
			.build());
		appended(EventRecords.event("a").build());
		appended(EventRecords.event("a")
			.source("CRM")
			.key("k-10")
			.organization("acme2")
			.correlationId("c-2")
			.metadata("trace", "t-2")
			.build());
		assertThat(query(new Query().source("crm"))).containsExactly(event);
		assertThat(query(new Query().key("k-1"))).containsExactly(event);
		assertThat(query(new Query().organization("acme"))).containsExactly(event);
		assertThat(query(new Query().correlationId("c-1"))).containsExactly(event);
		assertThat(query(new Query().metadata(Map.of("trace", "t-1")))).containsExactly(event);
		assertThat(query(new Query().metadata(Map.of("it's", "a \"b\" \\ %_ 🎉", "trace", "t-1"))))
			.containsExactly(event);
		assertThat(query(new Query().metadata(Map.of("trace", "t-1", "other", "x")))).isEmpty();
		assertThat(query(new Query().metadata(Map.of("t-1", "trace")))).isEmpty();
	}

	@Test
	void byTimestamp() {
		StoredEvent before = appended(EventRecords.event("a").timestamp(NOON.minusNanos(1_000)).build());
		StoredEvent noon = appended(EventRecords.event("a").timestamp(NOON).build());
		StoredEvent after = appended(EventRecords.event("a").timestamp(NOON.plusNanos(1_000)).build());
		assertThat(query(new Query().since(NOON))).containsExactly(noon, after);
		assertThat(query(new Query().until(NOON))).containsExactly(before);
		assertThat(query(new Query().since(NOON).until(NOON.plusNanos(1_000)))).containsExactly(noon);
	}

	@Test
	void orderIsByPositionNotByTimestamp() {
		StoredEvent late = appended(EventRecords.event("a").timestamp(NOON.plusSeconds(9)).build());
		StoredEvent early = appended(EventRecords.event("a").timestamp(NOON).build());
		assertThat(query(new Query())).containsExactly(late, early);
		assertThat(query(new Query().newestFirst())).containsExactly(early, late);
	}

	@Test
	void limitKeepsTheFirstInTheGivenDirection() {
		List<StoredEvent> events = appended(EventRecords.events(10));
		assertThat(this.store.log().query(new Query().criteria(), 3)).containsExactlyElementsOf(events.subList(0, 3));
		assertThat(this.store.log().query(new Query().newestFirst().criteria(), 2)).containsExactly(events.get(9),
				events.get(8));
	}

	@Test
	void pagesMeetWithoutGapInBothDirections() {
		List<StoredEvent> expected = new ArrayList<>(appended(mixed(new Random(1), 1_100)));
		expected.removeIf((event) -> !event.event().type().startsWith("user."));
		assertThat(expected).hasSizeGreaterThan(100);
		assertThat(pages(Query.types("user.*"))).containsExactlyElementsOf(expected);
		Collections.reverse(expected);
		assertThat(pages(Query.types("user.*").newestFirst())).containsExactlyElementsOf(expected);
	}

	/** Nothing twice, nothing left out, whatever arrives between two pages. */
	@Test
	void pagesStayAsTheyAreWhileEventsArrive() {
		List<StoredEvent> before = new ArrayList<>(appended(EventRecords.events(100)));
		assertThat(pagesWhileOthersAppend(new Query()).subList(0, 100)).containsExactlyElementsOf(before);
		List<StoredEvent> now = new ArrayList<>(query(new Query()));
		Collections.reverse(now);
		assertThat(pagesWhileOthersAppend(new Query().newestFirst())).containsExactlyElementsOf(now);
	}

	private List<StoredEvent> pagesWhileOthersAppend(Query query) {
		List<StoredEvent> all = new ArrayList<>();
		Long beyond = null;
		List<StoredEvent> page;
		int arriving = 10;
		do {
			page = this.store.log().query(query.beyond(beyond).criteria(), 17);
			all.addAll(page);
			beyond = page.isEmpty() ? null : (Long) page.get(page.size() - 1).position();
			if (arriving-- > 0) {
				appended(EventRecords.events(3));
			}
		}
		while (!page.isEmpty());
		return all;
	}

	@Test
	void combinationsAgreeWithTheCriteria() {
		Random random = new Random(42);
		List<StoredEvent> events = appended(mixed(random, 150));
		int found = 0;
		for (int i = 0; i < 120; i++) {
			EventCriteria criteria = Query.random(random, NOON, events).criteria();
			List<StoredEvent> expected = expected(events, criteria);
			assertThat(this.store.log().query(criteria, 1_000)).as("%s", criteria).containsExactlyElementsOf(expected);
			found += expected.size();
		}
		assertThat(found).isGreaterThan(100);
	}

	private List<StoredEvent> query(Query query) {
		return this.store.log().query(query.criteria(), 1_000);
	}

	private List<StoredEvent> pages(Query query) {
		List<StoredEvent> all = new ArrayList<>();
		Long beyond = null;
		List<StoredEvent> page;
		do {
			page = this.store.log().query(query.beyond(beyond).criteria(), 37);
			all.addAll(page);
			beyond = page.isEmpty() ? null : (Long) page.get(page.size() - 1).position();
		}
		while (!page.isEmpty());
		return all;
	}

	private static List<StoredEvent> expected(List<StoredEvent> events, EventCriteria criteria) {
		Long beyond = criteria.beyond();
		List<StoredEvent> expected = new ArrayList<>(events);
		expected.removeIf((event) -> !criteria.matches(event.event()) || beyond != null
				&& (criteria.newestFirst() ? event.position() >= beyond : event.position() <= beyond));
		if (criteria.newestFirst()) {
			Collections.reverse(expected);
		}
		return expected;
	}

	private static List<EventRecord> mixed(Random random, int count) {
		List<EventRecord> events = new ArrayList<>();
		for (int i = 0; i < count; i++) {
			events.add(EventRecords.event(Query.TYPES.get(random.nextInt(Query.TYPES.size())))
				.source("s" + random.nextInt(3))
				.key(random.nextBoolean() ? "k" + random.nextInt(3) : null)
				.organization(random.nextBoolean() ? "o" + random.nextInt(2) : null)
				.correlationId("c" + random.nextInt(3))
				.timestamp(NOON.plusSeconds(random.nextInt(100)))
				.metadata("m", "v" + random.nextInt(2))
				.build());
		}
		return events;
	}

}
