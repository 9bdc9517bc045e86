package dev.events.test;

import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;

import dev.events.EventPublisher;
import dev.events.Publication;

/**
 * Remembers what the store may not have yet, so that a test can wait for it.
 */
final class TrackedPublisher implements EventPublisher {

	private final EventPublisher publisher;

	private final Queue<CompletableFuture<?>> unfinished;

	TrackedPublisher(EventPublisher publisher, Queue<CompletableFuture<?>> unfinished) {
		this.publisher = publisher;
		this.unfinished = unfinished;
	}

	@Override
	public CompletableFuture<Publication> publishAsync(Object event) {
		CompletableFuture<Publication> publication = this.publisher.publishAsync(event);
		this.unfinished.add(publication);
		return publication;
	}

	@Override
	public void publishAndForget(Object event) {
		try {
			// the same way into the bus, but for the log line when it fails
			publishAsync(event);
		}
		catch (RuntimeException ex) {
			// whoever forgets does not want to know
		}
	}

	@Override
	public Publication publish(Object event) {
		return this.publisher.publish(event);
	}

	@Override
	public List<Publication> publishAll(Collection<?> events) {
		return this.publisher.publishAll(events);
	}

	@Override
	public Publication publishAt(Instant dueAt, Object event) {
		return this.publisher.publishAt(dueAt, event);
	}

	@Override
	public Publication publishIn(Duration delay, Object event) {
		return this.publisher.publishIn(delay, event);
	}

}
