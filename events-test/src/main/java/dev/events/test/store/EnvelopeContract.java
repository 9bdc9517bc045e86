package dev.events.test.store;

import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;

import dev.events.store.EventCriteria;
import dev.events.Event;
import dev.events.store.EventRecord;
import dev.events.store.StoredEvent;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What comes out of the log is what went in, on every way of reading it.
 */
abstract class EnvelopeContract extends StoreContract {

	private static final String DIFFICULT = "Zoë 🎉👩‍👩‍👧 '; drop table x; -- \"quoted\" \\back\\slash %_*? $1 :name {} \t\n end";

	@Test
	void allFields() {
		assertComesBack(new EventRecord(UUID.randomUUID(), "task_manager:task-created.v2", "12.3.456", "oauth-plugin",
				"task-1", "acme", "u-1", "correlation-1", "cause-1", Instant.parse("2026-02-28T23:59:59.123456Z"),
				"{\"taskId\":1}", Map.of("trace", "00-abc-01", "ip", "::1")));
	}

	@Test
	void absentFields() {
		assertComesBack(new EventRecord(UUID.randomUUID(), "a", "1.0.0", "test", null, null, null, "c", null,
				Instant.parse("2026-01-01T00:00:00Z"), "null", Map.of()));
	}

	@Test
	void difficultText() {
		assertComesBack(new EventRecord(UUID.randomUUID(), "a", "1.0.0", DIFFICULT, DIFFICULT, DIFFICULT, DIFFICULT,
				DIFFICULT, DIFFICULT, Instant.parse("2026-01-01T00:00:00Z"), "{}",
				Map.of(DIFFICULT, DIFFICULT, "empty", "")));
	}

	@Test
	void longestFields() {
		String longest = "é".repeat(200);
		assertComesBack(new EventRecord(UUID.randomUUID(), "t".repeat(200), "999999.999999.999999", longest, longest,
				longest, longest, longest, longest, Instant.parse("2026-01-01T00:00:00Z"), "{}",
				Map.of(longest, "v".repeat(10_000))));
	}

	@Test
	void manyMetadata() {
		Map<String, String> metadata = new HashMap<>();
		for (int i = 0; i < 200; i++) {
			metadata.put("name." + i, "value=" + i + ";,");
		}
		EventRecord event = EventRecords.event("a", null);
		assertComesBack(new EventRecord(event.id(), "a", "1.0.0", "test", null, null, null, "c", null,
				event.timestamp(), "{}", Map.copyOf(metadata)));
	}

	@Test
	void timestampsToTheMicrosecond() {
		for (String timestamp : new String[] { "2026-11-21T07:01:02.000001Z", "2026-11-21T07:01:02.999999Z",
				"1969-12-31T23:59:59.999999Z", "2026-03-29T01:30:00.5Z", "2026-10-25T01:30:00.25Z",
				"2262-04-12T00:00:00Z", Event.EARLIEST_TIMESTAMP.toString(), Event.LATEST_TIMESTAMP.toString() }) {
			assertComesBack(EventRecords.event("a").timestamp(Instant.parse(timestamp)).build());
		}
	}

	@Test
	void dataCharacterForCharacter() {
		for (String data : new String[] { "{ \"b\" : 1,\n\t\"a\":[1.0, 1e2, 12345678901234567890.0123456789] }",
				"{\"a\":1,\"a\":2}", "\"text\"", "[]", "0", "true",
				"{\"nul\":\"\\u0000\",\"e\":\"\\u00e9\\ud83c\\udf89\"}", "{\"t\":\"🎉 ü '; \\\" \\\\ \\n\"}" }) {
			assertComesBack(EventRecords.event("a").data(data).build());
		}
	}

	@Test
	void bigData() {
		StringBuilder data = new StringBuilder("{\"text\":\"");
		for (int i = 0; data.length() < 500_000; i++) {
			data.append(Integer.toHexString(i * 31)).append('ü');
		}
		assertComesBack(EventRecords.event("a").data(data.append("\"}").toString()).build());
	}

	@Test
	void deepData() {
		int depth = 1_000;
		assertComesBack(EventRecords.event("a").data("[".repeat(depth) + "]".repeat(depth)).build());
		assertComesBack(EventRecords.event("a").data("{\"a\":".repeat(depth) + "0" + "}".repeat(depth)).build());
	}

	private void assertComesBack(EventRecord event) {
		StoredEvent stored = appended(event);
		long before = stored.position() - 1;
		assertThat(this.store.log().find(event.id())).contains(stored);
		assertThat(this.store.log().follow(before, 1).events()).containsExactly(stored);
		assertThat(this.store.log().read(before, stored.position(), 1)).containsExactly(stored);
		assertThat(this.store.log().readAll(Set.of(stored.position()))).containsExactly(stored);
		assertThat(this.store.log().query(EventCriteria.ALL, 100)).contains(stored);
		assertComesBackFromTheSchedule(withId(event, UUID.randomUUID()));
	}

	/**
	 * What the schedule accepts the log must accept: else it, and all that is due later,
	 * would wait for ever.
	 */
	private void assertComesBackFromTheSchedule(EventRecord event) {
		Instant due = this.store.now().minusSeconds(1);
		assertThat(this.store.schedule().add(List.of(event), due)).containsExactly(true);
		assertThat(this.store.schedule().find(event.id()).orElseThrow().event()).isEqualTo(event);
		assertThat(this.store.schedule().release(10).types()).containsExactly(event.type());
		assertThat(this.store.schedule().count()).isZero();
		assertThat(this.store.log().find(event.id()).orElseThrow().event()).isEqualTo(event);
	}

	private static EventRecord withId(EventRecord event, UUID id) {
		return new EventRecord(id, event.type(), event.version(), event.source(), event.key(), event.organization(),
				event.user(), event.correlationId(), event.causationId(), event.timestamp(), event.data(),
				event.metadata());
	}

}
