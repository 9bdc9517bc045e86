package dev.events.spring.actuate;

import org.jspecify.annotations.Nullable;

import org.springframework.boot.actuate.endpoint.SecurityContext;
import org.springframework.boot.actuate.endpoint.annotation.ReadOperation;
import org.springframework.boot.actuate.endpoint.annotation.Selector;
import org.springframework.boot.actuate.endpoint.web.WebEndpointResponse;
import org.springframework.boot.actuate.endpoint.web.annotation.EndpointWebExtension;

/**
 * {@link EventsEndpoint} over HTTP.
 */
@EndpointWebExtension(endpoint = EventsEndpoint.class)
public class EventsEndpointWebExtension {

	private final EventsEndpoint endpoint;

	/** Creates an extension of the endpoint. */
	public EventsEndpointWebExtension(EventsEndpoint endpoint) {
		this.endpoint = endpoint;
	}

	/** See {@link EventsEndpoint#history}. */
	@ReadOperation
	public WebEndpointResponse<Object> history(@Selector String type, @Nullable Integer limit, SecurityContext caller) {
		return WebResponses.respond(() -> this.endpoint.history(type, limit, caller));
	}

}
