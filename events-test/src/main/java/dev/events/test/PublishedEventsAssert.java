package dev.events.test;

import java.util.List;
import java.util.function.Predicate;

import dev.events.Event;
import org.assertj.core.api.AbstractAssert;

/**
 * Published events of a type.
 *
 * @param <T> type of their data
 */
public final class PublishedEventsAssert<T> extends AbstractAssert<PublishedEventsAssert<T>, List<Event<T>>> {

	private final TestEventBus bus;

	private final String type;

	PublishedEventsAssert(TestEventBus bus, String type, List<Event<T>> events) {
		super(events, PublishedEventsAssert.class);
		this.bus = bus;
		this.type = type;
	}

	/** The events, in the order of the log. */
	public List<Event<T>> events() {
		return this.actual;
	}

	/** Only those whose data meets a condition. */
	public PublishedEventsAssert<T> matching(Predicate<? super T> condition) {
		List<Event<T>> matching = this.actual.stream().filter((event) -> condition.test(event.data())).toList();
		if (matching.isEmpty()) {
			throw failure("Expected an event %s that matches, but there was%s", this.type,
					EventMatch.show(this.bus.published()));
		}
		return new PublishedEventsAssert<>(this.bus, this.type, matching);
	}

	/** There are so many. */
	public PublishedEventsAssert<T> exactly(int times) {
		if (this.actual.size() != times) {
			throw failure("Expected %s to be published %d times, but it was %d times. There was%s", this.type, times,
					this.actual.size(), EventMatch.show(this.bus.published()));
		}
		return this;
	}

	/** There is one. */
	public PublishedEventsAssert<T> once() {
		return exactly(1);
	}

	/** There is none. */
	public PublishedEventsAssert<T> never() {
		return exactly(0);
	}

	/**
	 * They are these, in this order, and no others.
	 * @param expected each the name of a type, a class that carries one, or the data
	 */
	public PublishedEventsAssert<T> inOrder(Object... expected) {
		if (!EventMatch.inOrder(this.bus, this.actual, expected)) {
			throw failure("Expected %s to be published in this order:%s\nbut it was%s", this.type,
					EventMatch.show(expected), EventMatch.show(this.actual));
		}
		return this;
	}

}
