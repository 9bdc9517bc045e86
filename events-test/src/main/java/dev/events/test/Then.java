package dev.events.test;

import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.stream.Collectors;

import dev.events.DeadLetter;
import dev.events.Event;
import dev.events.ScheduledEvent;
import org.jspecify.annotations.Nullable;

/**
 * What has happened since {@link Given#when(Object...)}, and because of it. Unless
 * {@link #thenThrown(Class)} expects it, an exception of what was done fails the test.
 * Not thread-safe.
 */
public final class Then {

	private final TestEventBus bus;

	private final Set<UUID> own;

	// what there was before

	private final Set<UUID> published;

	private final Set<UUID> scheduled;

	private final Set<UUID> dead;

	private @Nullable RuntimeException thrown;

	Then(TestEventBus bus, Set<UUID> own) {
		this.bus = bus;
		this.own = own;
		this.published = bus.published().stream().map(Event::id).collect(Collectors.toSet());
		this.scheduled = scheduled().stream().map(Event::id).collect(Collectors.toSet());
		this.dead = bus.dead().stream().map(DeadLetter::id).collect(Collectors.toSet());
	}

	void run(Runnable stimulus) {
		try {
			stimulus.run();
		}
		catch (RuntimeException ex) {
			this.thrown = ex;
		}
	}

	/**
	 * Exactly these events were published, in this order, besides those which
	 * {@code when} names.
	 * @param expected each the name of a type, a class that carries one, or the data
	 */
	public Then thenPublished(Object... expected) {
		requireNothingThrown();
		List<Event<Object>> published = this.bus.published()
			.stream()
			.filter((event) -> !this.published.contains(event.id()) && !this.own.contains(event.id()))
			.toList();
		if (!EventMatch.inOrder(this.bus, published, expected)) {
			throw failure("Expected to be published:%s\nbut there was%s", EventMatch.show(expected),
					EventMatch.show(published));
		}
		return this;
	}

	/** Nothing was published besides what {@code when} names. */
	public Then thenPublishedNothing() {
		return thenPublished();
	}

	/**
	 * Exactly events of these types wait for their time that did not before, in the order
	 * in which they are due.
	 * @param dataTypes classes that carry an event type; none for no events
	 */
	public Then thenScheduled(Class<?>... dataTypes) {
		requireNothingThrown();
		List<Event<String>> scheduled = scheduled().stream()
			.filter((event) -> !this.scheduled.contains(event.id()))
			.toList();
		List<String> expected = Arrays.stream(dataTypes).map(EventMatch::type).toList();
		if (!scheduled.stream().map(Event::type).toList().equals(expected)) {
			throw failure("Expected to be scheduled:%s\nbut there was%s", EventMatch.show(expected),
					EventMatch.show(scheduled));
		}
		return this;
	}

	/** A delivery to a subscription was given up. */
	public DeadLettersAssert thenDeadLetter(String subscription) {
		requireNothingThrown();
		List<DeadLetter> dead = this.bus.dead().stream().filter((letter) -> !this.dead.contains(letter.id())).toList();
		List<DeadLetter> letters = dead.stream()
			.filter((letter) -> letter.subscription().equals(subscription))
			.toList();
		if (letters.isEmpty()) {
			throw failure("Expected a dead letter of '%s', but there was%s", subscription,
					DeadLettersAssert.show(dead));
		}
		return new DeadLettersAssert(new TestEventBusAssert(this.bus), letters);
	}

	/** Anything else is the case: state, or what the bus can tell. */
	public Then then(Consumer<? super TestEventBus> expectation) {
		requireNothingThrown();
		expectation.accept(this.bus);
		return this;
	}

	/** What was done has thrown an exception of a type. */
	public Then thenThrown(Class<? extends Throwable> type) {
		if (!type.isInstance(this.thrown)) {
			throw failure("Expected %s to be thrown, but there was %s", type.getName(),
					(this.thrown != null) ? this.thrown : "no exception");
		}
		this.thrown = null;
		return this;
	}

	private static AssertionError failure(String message, Object... arguments) {
		return new AssertionError(message.formatted(arguments));
	}

	private void requireNothingThrown() {
		if (this.thrown != null) {
			throw new AssertionError("What was done has thrown " + this.thrown, this.thrown);
		}
	}

	private List<Event<String>> scheduled() {
		return this.bus.scheduled().list(1000, null).events().stream().map(ScheduledEvent::event).toList();
	}

}
