package dev.events.upcast;

import java.util.List;
import java.util.Map;

import dev.events.EventType;
import dev.events.EventUpcaster;
import dev.events.EventVersion;
import dev.events.InvalidUpcasterException;
import dev.events.UpcastException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

class UpcastersTests {

	private static final EventUpcaster FIRST = step("1.0.0", "1.1.0");

	private static final EventUpcaster SECOND = step("1.1.0", "2.0.0");

	private static EventUpcaster step(String from, String to) {
		return EventUpcaster.unchanged("user.registered", from, to);
	}

	@Test
	void leadToTheVersionOfTheClassOrToTheEnd() {
		Upcasters upcasters = Upcasters.of(List.of(SECOND, FIRST, step("2.0.0", "3.0.0")));
		assertThat(upcasters.path("user.registered", "1.0.0", Second.class)).containsExactly(FIRST, SECOND);
		assertThat(upcasters.path("user.registered", "1.1.0", Second.class)).containsExactly(SECOND);
		assertThat(upcasters.path("user.registered", "1.0.0", Object.class)).hasSize(3);
		assertThat(upcasters.path("user.registered", "1.0.0", Map.class)).hasSize(3);
		assertThat(upcasters.path("user.registered", "1.0.0", Other.class)).hasSize(3);
	}

	@Test
	void leaveAloneWhatIsCurrentNewerOrOfAnotherType() {
		Upcasters upcasters = Upcasters.of(List.of(FIRST, SECOND, step("2.0.0", "3.0.0")));
		assertThat(upcasters.path("user.registered", "2.0.0", Second.class)).isEmpty();
		assertThat(upcasters.path("user.registered", "2.1.0", Second.class)).isEmpty();
		assertThat(upcasters.path("user.registered", "3.0.0", Object.class)).isEmpty();
		assertThat(upcasters.path("user.registered", "not a version", Second.class)).isEmpty();
		assertThat(upcasters.path("user.deleted", "1.0.0", Second.class)).isEmpty();
		assertThat(Upcasters.NONE.path("user.registered", "1.0.0", Second.class)).isEmpty();
	}

	@Test
	void aGapBeforeANewMajorVersionIsNamed() {
		assertThatExceptionOfType(UpcastException.class)
			.isThrownBy(() -> Upcasters.of(List.of(FIRST)).path("user.registered", "1.0.0", Second.class))
			.withMessage("There is no upcaster of 'user.registered' from 1.1.0 towards 2.0.0");
		assertThatExceptionOfType(UpcastException.class)
			.isThrownBy(() -> Upcasters.of(List.of(SECOND)).path("user.registered", "1.0.0", Second.class))
			.withMessage("There is no upcaster of 'user.registered' from 1.0.0 towards 2.0.0");
		assertThatExceptionOfType(UpcastException.class)
			.isThrownBy(() -> Upcasters.of(List.of(FIRST, step("1.1.0", "3.0.0")))
				.path("user.registered", "1.0.0", Second.class))
			.withMessage("There is no upcaster of 'user.registered' from 1.1.0 towards 2.0.0; "
					+ "the one there is leads past it, to 3.0.0");
	}

	@Test
	void aGapWithinAMajorVersionIsNone() {
		Upcasters upcasters = Upcasters.of(List.of(FIRST, SECOND));
		assertThat(upcasters.path("user.registered", "1.0.0", Grown.class)).containsExactly(FIRST, SECOND);
		assertThat(upcasters.path("user.registered", "2.0.0", Grown.class)).isEmpty();
	}

	@Test
	void knowWhatTheyReach() {
		Upcasters upcasters = Upcasters.of(List.of(FIRST, SECOND));
		EventVersion first = EventVersion.of("1.0.0");
		assertThat(upcasters.reaches("user.registered", first, EventVersion.of("2.0.0"))).isTrue();
		assertThat(upcasters.reaches("user.registered", first, EventVersion.of("2.0.1"))).isFalse();
		assertThat(upcasters.reaches("user.deleted", first, EventVersion.of("2.0.0"))).isFalse();
	}

	@Test
	void twoFromTheSameVersionAreRefused() {
		assertThatExceptionOfType(InvalidUpcasterException.class)
			.isThrownBy(() -> Upcasters.of(List.of(FIRST, SECOND, step("1.0.0", "1.2.0"))))
			.withMessageContaining("'user.registered' has two upcasters from 1.0.0: to 1.1.0")
			.withMessageContaining("to 1.2.0");
	}

	@Test
	void cyclesAreRefused() {
		assertThatExceptionOfType(InvalidUpcasterException.class)
			.isThrownBy(() -> Upcasters.of(List.of(FIRST, SECOND, step("2.0.0", "1.0.0"))))
			.withMessageContaining("from 2.0.0 to 1.0.0")
			.withMessageContaining("closes a cycle, 2.0.0 -> 1.0.0 -> 1.1.0 -> 2.0.0");
		assertThatExceptionOfType(InvalidUpcasterException.class)
			.isThrownBy(() -> Upcasters.of(List.of(step("1.0.0", "1.0.0"))))
			.withMessageContaining("closes a cycle, 1.0.0 -> 1.0.0");
	}

	@Test
	void goingBackwardsIsRefused() {
		assertThatExceptionOfType(InvalidUpcasterException.class)
			.isThrownBy(() -> Upcasters.of(List.of(step("1.10.0", "1.9.0"))))
			.withMessageContaining("from 1.10.0 to 1.9.0")
			.withMessageContaining("goes backwards; upcasters lead from an old version to a newer one");
	}

	@ParameterizedTest
	@CsvSource({ "user.*, 1.0.0, 2.0.0, user.*", "user..registered, 1.0.0, 2.0.0, user..registered",
			"user.registered, 1.0, 2.0.0, '1.0'", "user.registered, 1.0.0, two, 'two'" })
	void namesAndVersionsThatAreNoneAreRefused(String type, String from, String to, String named) {
		assertThatExceptionOfType(InvalidUpcasterException.class)
			.isThrownBy(() -> Upcasters.of(List.of(EventUpcaster.unchanged(type, from, to))))
			.withMessageContaining(named);
	}

	@EventType(value = "user.registered", version = "2.0.0")
	record Second(String name) {

	}

	@EventType(value = "user.registered", version = "2.1.0")
	record Grown(String name) {

	}

	@EventType(value = "user.renamed", version = "1.0.0")
	record Other(String name) {

	}

}
