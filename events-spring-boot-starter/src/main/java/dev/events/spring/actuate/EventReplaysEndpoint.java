package dev.events.spring.actuate;

import java.time.DateTimeException;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;

import dev.events.EventBus;
import dev.events.EventReplay;
import dev.events.InvalidEventException;
import dev.events.InvalidSubscriptionException;
import dev.events.Replay;
import org.jspecify.annotations.Nullable;

import org.springframework.boot.actuate.endpoint.Access;
import org.springframework.boot.actuate.endpoint.InvalidEndpointRequestException;
import org.springframework.boot.actuate.endpoint.annotation.Endpoint;
import org.springframework.boot.actuate.endpoint.annotation.ReadOperation;
import org.springframework.boot.actuate.endpoint.annotation.Selector;
import org.springframework.boot.actuate.endpoint.annotation.WriteOperation;

/**
 * Shows replays, and lets operators start, pause, resume and cancel them. Reading is
 * allowed by default; for the rest set
 * {@code management.endpoint.eventreplays.access=unrestricted}. Thread-safe.
 */
@Endpoint(id = "eventreplays", defaultAccess = Access.READ_ONLY)
public class EventReplaysEndpoint {

	private final EventBus bus;

	/** Creates the endpoint of a bus. */
	public EventReplaysEndpoint(EventBus bus) {
		this.bus = bus;
	}

	/** All replays that are known, newest first. */
	@ReadOperation
	public ReplayDescriptor.All replays() {
		return new ReplayDescriptor.All(this.bus.replays().list().stream().map(ReplayDescriptor::of).toList());
	}

	/**
	 * One replay.
	 * @param id its id
	 * @return {@code null} when there is none with this id
	 */
	@ReadOperation
	public @Nullable ReplayDescriptor replay(@Selector UUID id) {
		return this.bus.replays().find(id).map((replay) -> ReplayDescriptor.of(replay.info())).orElse(null);
	}

	/**
	 * Starts a replay; what is {@code null} is no condition.
	 * @param subscriber id of the subscription
	 * @param type event types or patterns, joined by commas
	 * @param from not older than this, for example {@code 2026-01-31T12:00:00Z}
	 * @param to older than this
	 * @param source source of the events
	 * @param key ordering key of the events
	 * @param organization organization of the events
	 * @param rate at most so many events a second
	 * @param dryRun {@code true} to count the events only
	 * @return a {@link ReplayDescriptor}, or of a dry run an {@link EventReplay.Preview}
	 * @throws InvalidEndpointRequestException when it is not possible
	 */
	@WriteOperation
	public Object start(@Nullable String subscriber, @Nullable String type, @Nullable String from, @Nullable String to,
			@Nullable String source, @Nullable String key, @Nullable String organization, @Nullable Double rate,
			@Nullable Boolean dryRun) {
		Requests.require(subscriber != null, "say to which subscriber events are replayed: subscriber=some-id");
		try {
			EventReplay request = this.bus.replay().subscriber(String.valueOf(subscriber));
			request = (type != null) ? request.type(type.trim().split("\\s*,\\s*")) : request;
			request = (from != null) ? request.from(time("from", from)) : request;
			request = (to != null) ? request.to(time("to", to)) : request;
			request = (source != null) ? request.source(source) : request;
			request = (key != null) ? request.key(key) : request;
			request = (organization != null) ? request.organization(organization) : request;
			request = (rate != null) ? request.rate(rate) : request;
			return Boolean.TRUE.equals(dryRun) ? request.dryRun() : ReplayDescriptor.of(request.start().info());
		}
		catch (InvalidSubscriptionException | InvalidEventException | IllegalArgumentException ex) {
			throw Requests.invalid(ex);
		}
	}

	private static Instant time(String name, String text) {
		try {
			return Instant.parse(text);
		}
		catch (DateTimeException ex) {
			throw new IllegalArgumentException(
					name + " is '" + text + "', which is not a time; write 2026-01-31T12:00:00Z", ex);
		}
	}

	/**
	 * Changes a replay.
	 * @param id its id
	 * @param action {@code pause}, {@code resume} or {@code cancel}
	 * @return {@code null} when there is no such replay or action
	 */
	@WriteOperation
	public @Nullable Changed change(@Selector UUID id, @Selector String action) {
		Optional<Replay> replay = this.bus.replays().find(id);
		if (replay.isEmpty()) {
			return null;
		}
		return switch (action) {
			case "pause" -> new Changed(replay.get().pause());
			case "resume" -> new Changed(replay.get().resume());
			case "cancel" -> new Changed(replay.get().cancel());
			default -> null;
		};
	}

	/**
	 * Answer to a change.
	 *
	 * @param changed whether the replay was in a state in which this was possible
	 */
	public record Changed(boolean changed) {

	}

}
