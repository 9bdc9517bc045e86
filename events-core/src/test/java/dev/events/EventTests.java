package dev.events;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

class EventTests {

	@Test
	void takesTypeVersionAndKeyFromAnnotations() {
		Event<?> event = Event.of(new OnComponent("k", 1));
		assertThat(event.type()).isEqualTo("a.b");
		assertThat(event.version()).isEqualTo("2.1.0");
		assertThat(event.key()).isEqualTo("k");
		assertThat(event.id().version()).isEqualTo(7);
		assertThat(Event.of(new OnField()).key()).isEqualTo("5");
		assertThat(Event.of(new OnMethod()).key()).isEqualTo("m");
		assertThat(Event.of(new OnComponent(null, 1)).key()).isNull();
		assertThat(Event.of(new Sub()).type()).isEqualTo("on.field");
	}

	@Test
	void idsAreOrderedByTime() {
		List<UUID> ids = java.util.stream.Stream.generate(() -> Event.of("a", 1).id()).limit(1000).toList();
		assertThat(ids.stream().map(UUID::toString)).isSorted().doesNotHaveDuplicates();
	}

	@Test
	void withersCopyAndLeaveTheOriginal() {
		Event<Integer> original = Event.of("a", 1);
		Event<Integer> changed = original.withKey("k")
			.withOrganization("o")
			.withUser("u")
			.withSource("s")
			.withCorrelationId("c")
			.withCausationId("d")
			.withVersion("3.0.0")
			.withType("b")
			.withTimestamp(Instant.parse("2026-01-02T03:04:05.123456789Z"))
			.withMetadata("x", "1")
			.withMetadata(Map.of("y", "2"));
		assertThat(original.key()).isNull();
		assertThat(original.metadata()).isEmpty();
		assertThat(changed.metadata()).containsOnly(Map.entry("x", "1"), Map.entry("y", "2"));
		assertThat(changed.timestamp()).isEqualTo("2026-01-02T03:04:05.123456Z");
		assertThat(changed.id()).isEqualTo(original.id());
		Event<String> other = changed.withData("text");
		assertThat(other.key()).isEqualTo("k");
		assertThat(other).isNotEqualTo(changed);
		assertThat(other.withData(1)).isEqualTo(changed).hasSameHashCodeAs(changed);
	}

	@Test
	void doesNotShowDataUserOrMetadataAsText() {
		assertThat(Event.of("a", "secret1").withUser("secret2").withMetadata("m", "secret3").toString()).contains("a")
			.doesNotContain("secret");
	}

	@Test
	@SuppressWarnings("NullAway")
	void refusesWhatCannotBeAnEvent() {
		assertThatExceptionOfType(InvalidEventException.class).isThrownBy(() -> Event.of("a", null))
			.withMessageContaining("Map.of()");
		assertThatExceptionOfType(InvalidEventException.class).isThrownBy(() -> Event.of((Object) null));
		assertThatExceptionOfType(InvalidEventException.class).isThrownBy(() -> Event.of(new Object()))
			.withMessageContaining("@EventType");
		assertThatExceptionOfType(InvalidEventException.class).isThrownBy(() -> Event.of(new TwoKeys("a", "b")))
			.withMessageContaining("more than one @EventKey");
		assertThatExceptionOfType(InvalidEventException.class).isThrownBy(() -> Event.of("a", 1).withVersion("1"))
			.withMessageContaining("major.minor.patch");
		assertThatExceptionOfType(InvalidEventException.class).isThrownBy(() -> Event.of("a", 1).withKey(" "));
		assertThatExceptionOfType(InvalidEventException.class)
			.isThrownBy(() -> Event.of("a", 1).withKey("x".repeat(201)))
			.withMessageContaining("200");
		assertThatExceptionOfType(InvalidEventException.class).isThrownBy(() -> Event.of("a", 1).withUser("x\0y"));
		assertThatExceptionOfType(InvalidEventException.class)
			.isThrownBy(() -> Event.of("a", 1).withMetadata("name", "x\0y"));
		for (Instant odd : List.of(Instant.MIN, Event.EARLIEST_TIMESTAMP.minusNanos(1),
				Event.LATEST_TIMESTAMP.plusNanos(1000), Instant.MAX)) {
			assertThatExceptionOfType(InvalidEventException.class).isThrownBy(() -> Event.of("a", 1).withTimestamp(odd))
				.withMessageContaining("9999-12-31");
		}
		assertThat(Event.of("a", 1).withTimestamp(Event.LATEST_TIMESTAMP.plusNanos(999)).timestamp())
			.isEqualTo(Event.LATEST_TIMESTAMP);
	}

	@EventType(value = "a.b", version = "2.1.0")
	record OnComponent(@EventKey String key, int value) {

	}

	@EventType("on.field")
	static class OnField {

		@EventKey
		private final int key = 5;

	}

	static class Sub extends OnField {

	}

	@EventType("on.method")
	static class OnMethod {

		@EventKey
		String theKey() {
			return "m";
		}

	}

	@EventType("two.keys")
	record TwoKeys(@EventKey String one, @EventKey String two) {

	}

}
