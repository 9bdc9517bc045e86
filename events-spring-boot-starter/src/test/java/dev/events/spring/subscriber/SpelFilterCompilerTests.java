package dev.events.spring.subscriber;

import java.util.List;
import java.util.Map;

import dev.events.Event;
import dev.events.InvalidSubscriptionException;
import dev.events.NonRetryableEventException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

class SpelFilterCompilerTests {

	private final SpelFilterCompiler compiler = new SpelFilterCompiler();

	private final Event<Object> event = Event
		.<Object>of("user.updated",
				Map.of("field", "email", "count", 3, "address", Map.of("city", "Rome"), "tags", List.of("a", "b")))
		.withSource("shop")
		.withKey("k")
		.withOrganization("acme")
		.withUser("u")
		.withCorrelationId("c")
		.withCausationId("d")
		.withMetadata("x", "1");

	@ParameterizedTest
	@ValueSource(strings = { "data['field'] == 'email'", "data.field == 'email'", "data.count > 2",
			"data.address.city == 'Rome'", "data['address']['city'] == 'Rome'", "data[field] == 'email'",
			"type == 'user.updated'", "type matches 'user\\..*'", "source == 'shop' and key == 'k'",
			"organization == 'acme' and user == 'u'", "correlationId == 'c' && causationId == 'd'",
			"metadata['x'] == '1'", "metadata.x == '1'", "version == '1.0.0'", "id != null and timestamp != null",
			"data.missing == null", "data['missing'] != 'email'", "data.missing?.deeper == null", "data.tags[0] == 'a'",
			"!(data.tags.?[#this == 'b'].^[true] == null)", "true" })
	void matches(String expression) {
		assertThat(this.compiler.compile(expression).test(this.event)).isTrue();
	}

	@Test
	void doesNotMatch() {
		assertThat(this.compiler.compile("data.field == 'name'").test(this.event)).isFalse();
	}

	@ParameterizedTest
	@ValueSource(strings = { "data.field ==", "data[", "'" })
	void refusesWhatIsNoExpression(String expression) {
		assertThatExceptionOfType(InvalidSubscriptionException.class)
			.isThrownBy(() -> this.compiler.compile(expression))
			.withMessageStartingWith("the filter \"" + expression + "\" is not a valid expression: ");
	}

	@ParameterizedTest
	@ValueSource(strings = { "dta.field == 'email'", "field == 'email'", "not valid", "Data.field == 'email'" })
	void refusesPropertiesThatEventsDoNotHave(String expression) {
		assertThatExceptionOfType(InvalidSubscriptionException.class)
			.isThrownBy(() -> this.compiler.compile(expression))
			.withMessageContaining("is not a property of an event; there are [causationId, correlationId, data");
	}

	@ParameterizedTest
	@ValueSource(strings = { "T(java.lang.Runtime).getRuntime() != null", "new java.io.File('x') != null",
			"@bean != null", "data.field.length() > 1", "type.startsWith('user')", "#f(1)" })
	void refusesCode(String expression) {
		assertThatExceptionOfType(InvalidSubscriptionException.class)
			.isThrownBy(() -> this.compiler.compile(expression))
			.withMessageContaining("calls code, which filters cannot do");
	}

	@ParameterizedTest
	@ValueSource(strings = { "data.field = 'email'", "data.count++ > 1" })
	void refusesChanges(String expression) {
		assertThatExceptionOfType(InvalidSubscriptionException.class)
			.isThrownBy(() -> this.compiler.compile(expression))
			.withMessageContaining("to compare write ==");
	}

	@Test
	void doesNotRetryWhatCannotBeEvaluated() {
		assertThatExceptionOfType(NonRetryableEventException.class)
			.isThrownBy(() -> this.compiler.compile("data.missing.deeper == 1").test(this.event))
			.withMessageContaining("data.missing.deeper == 1")
			.withMessageContaining("user.updated");
		assertThatExceptionOfType(NonRetryableEventException.class)
			.isThrownBy(() -> this.compiler.compile("data.field").test(this.event))
			.withMessageContaining("must be true or false")
			.withMessageContaining("java.lang.String");
		assertThatExceptionOfType(NonRetryableEventException.class)
			.isThrownBy(() -> this.compiler.compile("data.missing").test(this.event))
			.withMessageEndingWith("it is null");
	}

	@Test
	void doesNotShowDataInMessages() {
		assertThatExceptionOfType(NonRetryableEventException.class)
			.isThrownBy(() -> this.compiler.compile("data.field").test(this.event))
			.withMessageNotContaining("email");
	}

}
