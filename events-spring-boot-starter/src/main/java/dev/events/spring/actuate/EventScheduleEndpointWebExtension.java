package dev.events.spring.actuate;

import org.jspecify.annotations.Nullable;

import org.springframework.boot.actuate.endpoint.SecurityContext;
import org.springframework.boot.actuate.endpoint.annotation.DeleteOperation;
import org.springframework.boot.actuate.endpoint.annotation.ReadOperation;
import org.springframework.boot.actuate.endpoint.annotation.Selector;
import org.springframework.boot.actuate.endpoint.web.WebEndpointResponse;
import org.springframework.boot.actuate.endpoint.web.annotation.EndpointWebExtension;

/**
 * {@link EventScheduleEndpoint} over HTTP.
 */
@EndpointWebExtension(endpoint = EventScheduleEndpoint.class)
public class EventScheduleEndpointWebExtension {

	private static final String WHAT = "a scheduled event; ids are UUIDs, GET /actuator/eventschedule lists them";

	private final EventScheduleEndpoint endpoint;

	/** Creates an extension of the endpoint. */
	public EventScheduleEndpointWebExtension(EventScheduleEndpoint endpoint) {
		this.endpoint = endpoint;
	}

	/** See {@link EventScheduleEndpoint#scheduled}. */
	@ReadOperation
	public WebEndpointResponse<Object> scheduled(@Nullable Integer size, @Nullable String after) {
		return WebResponses.respond(() -> this.endpoint.scheduled(size, after));
	}

	/** See {@link EventScheduleEndpoint#scheduledEvent}. */
	@ReadOperation
	public WebEndpointResponse<Object> scheduledEvent(@Selector String id, SecurityContext caller) {
		return WebResponses.respond(() -> this.endpoint.scheduledEvent(WebResponses.id(id, WHAT), caller));
	}

	/** See {@link EventScheduleEndpoint#cancel}. */
	@DeleteOperation
	public WebEndpointResponse<Object> cancel(@Selector String id) {
		return WebResponses.respond(() -> this.endpoint.cancel(WebResponses.id(id, WHAT)));
	}

}
