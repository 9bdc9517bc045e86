package dev.events.test;

import java.util.List;

import dev.events.DeadLetter;
import org.assertj.core.api.AbstractAssert;

/**
 * Dead letters of a subscription: each condition must hold for one of them.
 */
public final class DeadLettersAssert extends AbstractAssert<DeadLettersAssert, List<DeadLetter>> {

	private final TestEventBusAssert bus;

	DeadLettersAssert(TestEventBusAssert bus, List<DeadLetter> letters) {
		super(letters, DeadLettersAssert.class);
		this.bus = bus;
	}

	/** The last attempt failed with exactly this error. */
	public DeadLettersAssert because(Class<? extends Throwable> error) {
		return only("because of " + error.getName(),
				this.actual.stream().filter((letter) -> letter.errorType().equals(error.getName())).toList());
	}

	/** The message of the last error contains a text. */
	public DeadLettersAssert because(String text) {
		return only("because of '" + text + "'",
				this.actual.stream().filter((letter) -> String.valueOf(letter.errorMessage()).contains(text)).toList());
	}

	/** The event is of the type of a class. */
	public DeadLettersAssert of(Class<?> dataType) {
		String type = EventMatch.type(dataType);
		return only("of " + type, this.actual.stream().filter((letter) -> letter.event().type().equals(type)).toList());
	}

	/** So many attempts were made. */
	public DeadLettersAssert afterAttempts(int attempts) {
		return only("after " + attempts + " attempts",
				this.actual.stream().filter((letter) -> letter.attempts() == attempts).toList());
	}

	/** Goes on with the bus. */
	public TestEventBusAssert and() {
		return this.bus;
	}

	private DeadLettersAssert only(String what, List<DeadLetter> letters) {
		if (letters.isEmpty()) {
			throw failure("Expected a dead letter %s, but there was%s", what, show(this.actual));
		}
		return new DeadLettersAssert(this.bus, letters);
	}

	static String show(List<DeadLetter> letters) {
		List<String> lines = letters.stream()
			.map((letter) -> "%s: %s %s after %d attempts, because of %s: %s".formatted(letter.subscription(),
					letter.event().type(), letter.event().data(), letter.attempts(), letter.errorType(),
					letter.errorMessage()))
			.toList();
		return EventMatch.show(lines);
	}

}
