package dev.events.publish;

import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.stream.Collectors;

import dev.events.Event;
import dev.events.Publication;
import dev.events.codec.EventCodec;
import dev.events.observation.EventObservations;
import dev.events.observation.EventPublishContext;
import dev.events.observation.Observed;

/**
 * Observes events that are published as part of something else, so that the trace goes on
 * with them as with those of any publisher.
 *
 * @param observations observes them
 * @param codec knows which of them may be quoted
 */
record ObservedUnit(EventObservations observations, EventCodec codec) {

	/**
	 * Publishes events, observed.
	 * @param call publishes them, answers whether that was done, and tells before what
	 * became of each
	 */
	boolean publish(Collection<? extends Event<?>> events, String source, Predicate<Consumer<List<Publication>>> call) {
		if (events.isEmpty() || this.observations.isNoop()) {
			return call.test((publications) -> {
			});
		}
		Set<String> types = events.stream().map(Event::type).collect(Collectors.toSet());
		EventPublishContext context = new EventPublishContext(source, events.size(),
				(types.size() == 1) ? types.iterator().next() : null);
		Observed observed = this.observations.publish(context, events.stream().allMatch(this::isQuotable));
		try {
			return call.test(context::published);
		}
		catch (RuntimeException | Error ex) {
			observed.failed(ex);
			throw ex;
		}
		finally {
			observed.stop();
		}
	}

	private boolean isQuotable(Event<?> event) {
		return this.codec.isQuotable(event.type(), event.data().getClass());
	}

}
