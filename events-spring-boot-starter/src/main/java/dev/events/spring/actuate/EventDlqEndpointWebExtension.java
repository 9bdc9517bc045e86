package dev.events.spring.actuate;

import org.jspecify.annotations.Nullable;

import org.springframework.boot.actuate.endpoint.SecurityContext;
import org.springframework.boot.actuate.endpoint.annotation.DeleteOperation;
import org.springframework.boot.actuate.endpoint.annotation.ReadOperation;
import org.springframework.boot.actuate.endpoint.annotation.Selector;
import org.springframework.boot.actuate.endpoint.annotation.WriteOperation;
import org.springframework.boot.actuate.endpoint.web.WebEndpointResponse;
import org.springframework.boot.actuate.endpoint.web.annotation.EndpointWebExtension;

/**
 * {@link EventDlqEndpoint} over HTTP.
 */
@EndpointWebExtension(endpoint = EventDlqEndpoint.class)
public class EventDlqEndpointWebExtension {

	private final EventDlqEndpoint endpoint;

	/** Creates an extension of the endpoint. */
	public EventDlqEndpointWebExtension(EventDlqEndpoint endpoint) {
		this.endpoint = endpoint;
	}

	/** See {@link EventDlqEndpoint#deadLetters}. */
	@ReadOperation
	public WebEndpointResponse<Object> deadLetters(@Nullable String subscription, @Nullable String type,
			@Nullable Integer size, @Nullable String after, SecurityContext caller) {
		return WebResponses.respond(() -> this.endpoint.deadLetters(subscription, type, size, after, caller));
	}

	/** See {@link EventDlqEndpoint#deadLetter}. */
	@ReadOperation
	public WebEndpointResponse<Object> deadLetter(@Selector String id, SecurityContext caller) {
		return WebResponses.respond(() -> this.endpoint.deadLetter(WebResponses.id(id), caller));
	}

	/** See {@link EventDlqEndpoint#retry}. */
	@WriteOperation
	public WebEndpointResponse<Object> retry(@Selector String id) {
		return WebResponses.respond(() -> this.endpoint.retry(WebResponses.id(id)));
	}

	/** See {@link EventDlqEndpoint#retryEdited}. */
	@WriteOperation
	public WebEndpointResponse<Object> retryEdited(@Selector String id, @Nullable String data) {
		return WebResponses.respond(() -> this.endpoint.retryEdited(WebResponses.id(id), data));
	}

	/** See {@link EventDlqEndpoint#retryAll}. */
	@WriteOperation
	public WebEndpointResponse<Object> retryAll(@Nullable String subscription, @Nullable String type) {
		return WebResponses.respond(() -> this.endpoint.retryAll(subscription, type));
	}

	/** For a request that a parameter of an operation could not be read from. */
	@WriteOperation
	public WebEndpointResponse<Object> retryAllWithoutContentType() {
		return WebResponses.respond(() -> {
			throw Requests.invalid(new IllegalArgumentException("the request needs the header Content-Type: "
					+ "application/json, also when its parameters are in the address and it has no body"));
		});
	}

	/** See {@link EventDlqEndpoint#skip}. */
	@WriteOperation
	public WebEndpointResponse<Object> skip(@Selector String id, @Selector String action) {
		return WebResponses.respond(() -> this.endpoint.skip(WebResponses.id(id), action));
	}

	/** See {@link EventDlqEndpoint#discard}. */
	@DeleteOperation
	public WebEndpointResponse<Object> discard(@Selector String id) {
		return WebResponses.respond(() -> this.endpoint.discard(WebResponses.id(id)));
	}

	/** See {@link EventDlqEndpoint#discardAll}. */
	@DeleteOperation
	public WebEndpointResponse<Object> discardAll(@Nullable String subscription, @Nullable String type) {
		return WebResponses.respond(() -> this.endpoint.discardAll(subscription, type));
	}

}
