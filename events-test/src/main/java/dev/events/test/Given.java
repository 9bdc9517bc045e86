package dev.events.test;

import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.function.Consumer;

import dev.events.Publication;

/**
 * What is the case before something happens on a {@link TestEventBus}; begins with
 * {@link TestEventBus#given(Object...)}. Each step is done when it is said.
 *
 * <pre>{@code
 * bus.given(new OrderPlaced("1", 10))
 *     .and((b) -> b.failNext("refund", 1))
 *     .when(new OrderCancelled("1"))
 *     .thenPublishedNothing();
 * }</pre>
 *
 * Whoever keeps state can offer it as a step, which is nothing but a {@code Consumer} of
 * the bus: {@code bus.given(state("1", WAITING)).when(…)}. Not thread-safe.
 */
public final class Given {

	private final TestEventBus bus;

	Given(TestEventBus bus) {
		this.bus = bus;
	}

	/** These events have happened, too, and what follows from them at once. */
	public Given and(Object... events) {
		this.bus.publishAll(List.of(events));
		this.bus.processAll();
		return this;
	}

	/** Something else is the case, too: state, or failures to come. */
	public Given and(Consumer<? super TestEventBus> step) {
		step.accept(this.bus);
		return this;
	}

	/** Publishes these events, and lets happen what follows from them at once. */
	public Then when(Object... events) {
		Set<UUID> own = new HashSet<>();
		return then(() -> {
			for (Publication publication : this.bus.publishAll(List.of(events))) {
				own.add(publication.event().id());
			}
			this.bus.processAll();
		}, own);
	}

	/**
	 * Does something, and lets happen what follows from it at once. What it publishes
	 * itself counts as published afterwards.
	 */
	public Then when(Consumer<? super TestEventBus> stimulus) {
		return then(() -> {
			stimulus.accept(this.bus);
			this.bus.processAll();
		}, Set.of());
	}

	/** Lets time pass, with all that becomes due meanwhile. */
	public Then whenTimePasses(Duration duration) {
		return then(() -> this.bus.advance(duration), Set.of());
	}

	private Then then(Runnable stimulus, Set<UUID> own) {
		Then then = new Then(this.bus, own);
		then.run(stimulus);
		return then;
	}

}
