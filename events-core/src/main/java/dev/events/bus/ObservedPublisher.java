package dev.events.bus;

import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;

import dev.events.Event;
import dev.events.EventPublisher;
import dev.events.EventTypeDescriptor;
import dev.events.InvalidEventException;
import dev.events.Publication;
import dev.events.codec.EventCodec;
import dev.events.observation.EventObservations;
import dev.events.observation.EventPublishContext;
import dev.events.observation.Observed;
import org.jspecify.annotations.Nullable;

/**
 * Lets every call of a publisher be observed. Thread-safe.
 */
final class ObservedPublisher implements EventPublisher {

	private final EventPublisher publisher;

	private final String source;

	private final EventObservations observations;

	private final EventCodec codec;

	ObservedPublisher(EventPublisher publisher, String source, EventObservations observations, EventCodec codec) {
		this.codec = codec;
		this.publisher = publisher;
		this.source = source;
		this.observations = observations;
	}

	@Override
	public Publication publish(Object event) {
		return this.observations.isNoop() ? this.publisher.publish(event)
				: observe(event, () -> this.publisher.publish(event));
	}

	@Override
	public Publication publishAt(Instant dueAt, Object event) {
		return this.observations.isNoop() ? this.publisher.publishAt(dueAt, event)
				: observe(event, () -> this.publisher.publishAt(dueAt, event));
	}

	@Override
	public Publication publishIn(Duration delay, Object event) {
		return this.observations.isNoop() ? this.publisher.publishIn(delay, event)
				: observe(event, () -> this.publisher.publishIn(delay, event));
	}

	private Publication observe(Object event, Supplier<Publication> call) {
		return observe(Collections.singletonList(event), () -> List.of(call.get())).get(0);
	}

	@Override
	public List<Publication> publishAll(Collection<?> events) {
		return this.observations.isNoop() ? this.publisher.publishAll(events)
				: observe(events, () -> this.publisher.publishAll(events));
	}

	private List<Publication> observe(Collection<?> events, Supplier<List<Publication>> call) {
		EventPublishContext context = context(events);
		Observed observed = this.observations.publish(context, isQuotable(events));
		try {
			List<Publication> publications = call.get();
			context.published(publications);
			return publications;
		}
		catch (RuntimeException | Error ex) {
			observed.failed(ex);
			throw ex;
		}
		finally {
			observed.stop();
		}
	}

	@Override
	public CompletableFuture<Publication> publishAsync(Object event) {
		if (this.observations.isNoop()) {
			return this.publisher.publishAsync(event);
		}
		List<Object> events = Collections.singletonList(event);
		EventPublishContext context = context(events);
		Observed observed = this.observations.publish(context, isQuotable(events));
		CompletableFuture<Publication> future;
		try {
			future = this.publisher.publishAsync(event);
		}
		catch (RuntimeException | Error ex) {
			observed.failed(ex);
			observed.stop();
			throw ex;
		}
		observed.leave();
		future.whenComplete((publication, error) -> {
			if (error != null) {
				observed.failed(error);
			}
			else {
				context.published(List.of(publication));
			}
			observed.stop();
		});
		return future;
	}

	@Override
	public void publishAndForget(Object event) {
		SourcePublisher.forget(publishAsync(event));
	}

	private EventPublishContext context(Collection<?> events) {
		String type = null;
		for (Object event : events) {
			String other = type(event);
			if (other == null || type != null && !type.equals(other)) {
				return new EventPublishContext(this.source, events.size(), null);
			}
			type = other;
		}
		return new EventPublishContext(this.source, events.size(), type);
	}

	private boolean isQuotable(Collection<?> events) {
		for (Object event : events) {
			Object data = (event instanceof Event<?> envelope) ? envelope.data() : event;
			String type = type(event);
			if (type != null && !this.codec.isQuotable(type, data.getClass())) {
				return false;
			}
		}
		return true;
	}

	/** The type, where it is known before the event is looked at more closely. */
	private static @Nullable String type(@Nullable Object published) {
		if (published instanceof Event<?> event) {
			return event.type();
		}
		try {
			return (published != null) ? EventTypeDescriptor.of(published.getClass()).type() : null;
		}
		catch (InvalidEventException ex) {
			// whoever publishes it is told
			return null;
		}
	}

}
