package dev.events.bus;

import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.CompletableFuture;

import dev.events.EventPublisher;
import dev.events.InvalidEventException;
import dev.events.Publication;
import dev.events.UnknownOutcomeException;
import dev.events.publish.BufferedPublisher;
import dev.events.publish.PublishPipeline;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Publishes for one source.
 */
final class SourcePublisher implements EventPublisher {

	private static final Logger logger = LoggerFactory.getLogger(EventPublisher.class);

	private final PublishPipeline pipeline;

	private final BufferedPublisher buffer;

	private final String source;

	SourcePublisher(PublishPipeline pipeline, BufferedPublisher buffer, String source) {
		if (source.isBlank() || source.length() > 200) {
			throw new InvalidEventException("'" + source + "' is not a valid source: use 1 to 200 characters");
		}
		this.pipeline = pipeline;
		this.buffer = buffer;
		this.source = source;
	}

	@Override
	public Publication publish(Object event) {
		return this.pipeline.publish(List.of(event), this.source).get(0);
	}

	@Override
	public List<Publication> publishAll(Collection<?> events) {
		return this.pipeline.publish(events, this.source);
	}

	@Override
	public CompletableFuture<Publication> publishAsync(Object event) {
		return this.buffer.publish(event, this.source);
	}

	@Override
	public void publishAndForget(Object event) {
		forget(publishAsync(event));
	}

	/** Nobody waits for the outcome: that it is a bad one is logged. */
	static void forget(CompletableFuture<Publication> outcome) {
		outcome.exceptionally((error) -> {
			logger.error("An event that was published and forgotten {} lost: {}",
					(error instanceof UnknownOutcomeException) ? "may be" : "is", String.valueOf(error.getMessage()),
					error);
			return null;
		});
	}

	@Override
	public Publication publishAt(Instant dueAt, Object event) {
		return this.pipeline.publishAt(dueAt, event, this.source);
	}

	@Override
	public Publication publishIn(Duration delay, Object event) {
		return this.pipeline.publishIn(delay, event, this.source);
	}

}
