package dev.events.spring.actuate;

import org.jspecify.annotations.Nullable;

import org.springframework.boot.actuate.endpoint.SecurityContext;
import org.springframework.boot.actuate.endpoint.annotation.ReadOperation;
import org.springframework.boot.actuate.endpoint.annotation.Selector;
import org.springframework.boot.actuate.endpoint.annotation.WriteOperation;
import org.springframework.boot.actuate.endpoint.web.WebEndpointResponse;
import org.springframework.boot.actuate.endpoint.web.annotation.EndpointWebExtension;

/**
 * {@link EventSagasEndpoint} over HTTP.
 */
@EndpointWebExtension(endpoint = EventSagasEndpoint.class)
public class EventSagasEndpointWebExtension {

	private final EventSagasEndpoint endpoint;

	/** Creates an extension of the endpoint. */
	public EventSagasEndpointWebExtension(EventSagasEndpoint endpoint) {
		this.endpoint = endpoint;
	}

	/** See {@link EventSagasEndpoint#kinds}. */
	@ReadOperation
	public WebEndpointResponse<Object> kinds() {
		return WebResponses.respond(this.endpoint::kinds);
	}

	/** See {@link EventSagasEndpoint#sagas}. */
	@ReadOperation
	public WebEndpointResponse<Object> sagas(@Selector String saga, @Nullable String status, @Nullable Integer size,
			@Nullable String after) {
		return WebResponses.respond(() -> this.endpoint.sagas(saga, status, size, after));
	}

	/** See {@link EventSagasEndpoint#saga}. */
	@ReadOperation
	public WebEndpointResponse<Object> saga(@Selector String saga, @Selector String key, SecurityContext caller) {
		return WebResponses.respond(() -> this.endpoint.saga(saga, key, caller));
	}

	/** See {@link EventSagasEndpoint#change}. */
	@WriteOperation
	public WebEndpointResponse<Object> change(@Selector String saga, @Selector String key, @Selector String action) {
		return WebResponses.respond(() -> this.endpoint.change(saga, key, action));
	}

	/** See {@link EventSagasEndpoint#changeWith}. */
	@WriteOperation
	public WebEndpointResponse<Object> changeWith(@Selector String saga, @Selector String key, @Selector String action,
			@Nullable String event, @Nullable String reason) {
		return WebResponses.respond(() -> this.endpoint.changeWith(saga, key, action, event, reason));
	}

}
