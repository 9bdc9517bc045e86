package dev.events;

import java.util.regex.Pattern;

import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

class EventPatternTests {

	@ParameterizedTest
	@CsvSource({ "user.created,user.created,true", "user.created,user.deleted,false", "user.*,user.created,true",
			"user.*,user,false", "user.*,user.activity.click,false", "user.**,user.activity.click,true",
			"user.**,user,true", "user.**,users.created,false", "**,anything:at.all,true", "*,single,true",
			"*,two.parts,false", "*.encrypted,card.encrypted,true", "*.encrypted,a.card.encrypted,false",
			"**.encrypted,a.card.encrypted,true", "**.encrypted,encrypted,true",
			"user.activity.*,user.activity.login,true", "task_manager:*,task_manager:task_created,true",
			"task_manager.*,task_manager:task_created,false", "*:*,a:b,true", "a.**.z,a.z,true",
			"a.**.z,a.b.c:d.z,true", "a.**.z,a.b,false", "**.x:**.b,x.x:c.b,true", "**.**,a,true", "a.**.**.b,a.b,true",
			"plugin_executed,plugin_executed,true" })
	void matches(String pattern, String type, boolean expected) {
		assertThat(EventPattern.of(pattern).matches(type)).isEqualTo(expected);
	}

	@ParameterizedTest
	@ValueSource(strings = { "", ".", "a.", ".a", "a..b", "a b", "a.b*", "***", "a.é", "a/b", "a\nb" })
	void refusesWhatIsNoPattern(String pattern) {
		assertThatExceptionOfType(InvalidEventException.class).isThrownBy(() -> EventPattern.of(pattern))
			.withMessageContaining("event pattern");
	}

	@ParameterizedTest
	@ValueSource(strings = { "user.*", "**", "a..b", "x y" })
	void refusesWhatIsNoType(String type) {
		assertThatExceptionOfType(InvalidEventException.class).isThrownBy(() -> Event.of(type, 1))
			.withMessageContaining("event type");
	}

	@ParameterizedTest
	@ValueSource(ints = { 1, 200 })
	void acceptsTypesOfAnyPossibleLength(int length) {
		assertThat(Event.of("a".repeat(length), 1).type()).hasSize(length);
	}

	@Property
	void aTypeMatchesItself(@ForAll("types") String type) {
		assertThat(EventPattern.of(type).matches(type)).isTrue();
	}

	@Property
	void theRegularExpressionSaysTheSame(@ForAll("patterns") String text, @ForAll("types") String type) {
		EventPattern pattern = EventPattern.of(text);
		assertThat(Pattern.matches(pattern.regex(), type)).as("%s on %s", text, type).isEqualTo(pattern.matches(type));
	}

	@Property
	void everyMatchBeginsWithTheLiteralPrefix(@ForAll("patterns") String text, @ForAll("types") String type) {
		EventPattern pattern = EventPattern.of(text);
		if (pattern.matches(type)) {
			assertThat(type).startsWith(pattern.literalPrefix());
		}
	}

	@Property
	void anySegmentMayBeReplacedByAWildcard(@ForAll("types") String type, @ForAll int seed) {
		String[] segments = type.split("(?<=[.:])");
		int index = Math.floorMod(seed, segments.length);
		String separator = segments[index].matches(".*[.:]") ? segments[index].substring(segments[index].length() - 1)
				: "";
		segments[index] = "*" + separator;
		assertThat(EventPattern.of(String.join("", segments)).matches(type)).isTrue();
		segments[index] = "**" + separator;
		assertThat(EventPattern.of(String.join("", segments)).matches(type)).isTrue();
	}

	@Provide
	Arbitrary<String> types() {
		return joined(Arbitraries.of("a", "b", "c", "a_b"));
	}

	@Provide
	Arbitrary<String> patterns() {
		return joined(Arbitraries.of("a", "b", "*", "**"));
	}

	private static Arbitrary<String> joined(Arbitrary<String> segments) {
		return segments.list().ofMinSize(1).ofMaxSize(6).flatMap((names) -> {
			Arbitrary<String> separator = Arbitraries.of(".", ":");
			return separator.list().ofSize(names.size() - 1).map((separators) -> {
				StringBuilder text = new StringBuilder(names.get(0));
				for (int i = 1; i < names.size(); i++) {
					text.append(separators.get(i - 1)).append(names.get(i));
				}
				return text.toString();
			});
		});
	}

}
