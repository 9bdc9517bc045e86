package dev.events.spring.actuate;

import org.jspecify.annotations.Nullable;

import org.springframework.boot.actuate.endpoint.annotation.ReadOperation;
import org.springframework.boot.actuate.endpoint.annotation.Selector;
import org.springframework.boot.actuate.endpoint.annotation.WriteOperation;
import org.springframework.boot.actuate.endpoint.web.WebEndpointResponse;
import org.springframework.boot.actuate.endpoint.web.annotation.EndpointWebExtension;

/**
 * {@link EventReplaysEndpoint} over HTTP.
 */
@EndpointWebExtension(endpoint = EventReplaysEndpoint.class)
public class EventReplaysEndpointWebExtension {

	private static final String REPLAY = "a replay; ids are UUIDs, GET /actuator/eventreplays lists them";

	private final EventReplaysEndpoint endpoint;

	/** Creates an extension of the endpoint. */
	public EventReplaysEndpointWebExtension(EventReplaysEndpoint endpoint) {
		this.endpoint = endpoint;
	}

	/** See {@link EventReplaysEndpoint#replays}. */
	@ReadOperation
	public WebEndpointResponse<Object> replays() {
		return WebResponses.respond(this.endpoint::replays);
	}

	/** See {@link EventReplaysEndpoint#replay}. */
	@ReadOperation
	public WebEndpointResponse<Object> replay(@Selector String id) {
		return WebResponses.respond(() -> this.endpoint.replay(WebResponses.id(id, REPLAY)));
	}

	/** See {@link EventReplaysEndpoint#start}. */
	@WriteOperation
	public WebEndpointResponse<Object> start(@Nullable String subscriber, @Nullable String type, @Nullable String from,
			@Nullable String to, @Nullable String source, @Nullable String key, @Nullable String organization,
			@Nullable Double rate, @Nullable Boolean dryRun) {
		return WebResponses
			.respond(() -> this.endpoint.start(subscriber, type, from, to, source, key, organization, rate, dryRun));
	}

	/** For a request that a parameter of an operation could not be read from. */
	@WriteOperation
	public WebEndpointResponse<Object> startWithoutContentType() {
		return WebResponses.respond(() -> {
			throw Requests.invalid(new IllegalArgumentException("the request needs the header Content-Type: "
					+ "application/json, also when its parameters are in the address and it has no body"));
		});
	}

	/** See {@link EventReplaysEndpoint#change}. */
	@WriteOperation
	public WebEndpointResponse<Object> change(@Selector String id, @Selector String action) {
		return WebResponses.respond(() -> this.endpoint.change(WebResponses.id(id, REPLAY), action));
	}

}
