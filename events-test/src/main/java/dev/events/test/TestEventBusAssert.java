package dev.events.test;

import java.util.List;

import dev.events.DeadLetter;
import dev.events.Event;
import dev.events.EventPattern;
import dev.events.ScheduledEvent;
import org.assertj.core.api.AbstractAssert;

/**
 * What a {@link TestEventBus} has done so far. Types may be given as patterns, see
 * {@link EventPattern}.
 */
public final class TestEventBusAssert extends AbstractAssert<TestEventBusAssert, TestEventBus> {

	TestEventBusAssert(TestEventBus actual) {
		super(actual, TestEventBusAssert.class);
	}

	/** An event of the type of a class is in the log. */
	public TestEventBusAssert hasPublished(Class<?> dataType) {
		return hasPublished(EventMatch.type(dataType));
	}

	/** An event of a type that matches is in the log. */
	public TestEventBusAssert hasPublished(String pattern) {
		if (published(pattern).events().isEmpty()) {
			throw failure("Expected an event %s to be published, but there was%s", pattern,
					EventMatch.show(this.actual.published()));
		}
		return this;
	}

	/** No event of the type of a class is in the log. */
	public TestEventBusAssert hasNotPublished(Class<?> dataType) {
		return hasNotPublished(EventMatch.type(dataType));
	}

	/** No event of a type that matches is in the log. */
	public TestEventBusAssert hasNotPublished(String pattern) {
		published(pattern).never();
		return this;
	}

	/** The events of the type of a class, in the order of the log. */
	public <T> PublishedEventsAssert<T> published(Class<T> dataType) {
		String type = EventMatch.type(dataType);
		List<Event<T>> events = this.actual.query().type(type).stream(dataType).toList();
		return new PublishedEventsAssert<>(this.actual, type, events);
	}

	/** The events of types that match, in the order of the log; data as plain values. */
	public PublishedEventsAssert<Object> published(String pattern) {
		return new PublishedEventsAssert<>(this.actual, pattern, this.actual.query().type(pattern).stream().toList());
	}

	/** Deliveries of events of the type of a class. */
	public DeliveriesAssert delivered(Class<?> dataType) {
		return delivered(EventMatch.type(dataType));
	}

	/** Deliveries of events of types that match. */
	public DeliveriesAssert delivered(String pattern) {
		EventPattern type = EventPattern.of(pattern);
		return new DeliveriesAssert(this.actual, pattern,
				this.actual.handled().stream().filter((call) -> type.matches(call.event().type())).toList());
	}

	/** An event of the type of a class waits for its time. */
	public TestEventBusAssert hasScheduled(Class<?> dataType) {
		List<Event<String>> scheduled = this.actual.scheduled()
			.list(1000, null)
			.events()
			.stream()
			.map(ScheduledEvent::event)
			.toList();
		String type = EventMatch.type(dataType);
		if (scheduled.stream().noneMatch((event) -> event.type().equals(type))) {
			throw failure("Expected an event %s to be scheduled, but there was%s", type, EventMatch.show(scheduled));
		}
		return this;
	}

	/** A delivery to a subscription was given up. */
	public DeadLettersAssert hasDeadLetter(String subscription) {
		List<DeadLetter> dead = this.actual.dead();
		List<DeadLetter> letters = dead.stream()
			.filter((letter) -> letter.subscription().equals(subscription))
			.toList();
		if (letters.isEmpty()) {
			throw failure("Expected a dead letter of '%s', but there was%s", subscription,
					DeadLettersAssert.show(dead));
		}
		return new DeadLettersAssert(this, letters);
	}

	/** No delivery was given up. */
	public TestEventBusAssert hasNoDeadLetters() {
		List<DeadLetter> dead = this.actual.dead();
		if (!dead.isEmpty()) {
			throw failure("Expected no dead letters, but there was%s", DeadLettersAssert.show(dead));
		}
		return this;
	}

}
