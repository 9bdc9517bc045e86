package dev.events.spring.actuate;

import org.jspecify.annotations.Nullable;

import org.springframework.boot.actuate.endpoint.annotation.DeleteOperation;
import org.springframework.boot.actuate.endpoint.annotation.ReadOperation;
import org.springframework.boot.actuate.endpoint.annotation.Selector;
import org.springframework.boot.actuate.endpoint.annotation.WriteOperation;
import org.springframework.boot.actuate.endpoint.web.WebEndpointResponse;
import org.springframework.boot.actuate.endpoint.web.annotation.EndpointWebExtension;

/**
 * {@link EventSubscriptionsEndpoint} over HTTP.
 */
@EndpointWebExtension(endpoint = EventSubscriptionsEndpoint.class)
public class EventSubscriptionsEndpointWebExtension {

	private final EventSubscriptionsEndpoint endpoint;

	/** Creates an extension of the endpoint. */
	public EventSubscriptionsEndpointWebExtension(EventSubscriptionsEndpoint endpoint) {
		this.endpoint = endpoint;
	}

	/** See {@link EventSubscriptionsEndpoint#subscriptions}. */
	@ReadOperation
	public WebEndpointResponse<Object> subscriptions() {
		return WebResponses.respond(this.endpoint::subscriptions);
	}

	/** See {@link EventSubscriptionsEndpoint#subscription}. */
	@ReadOperation
	public WebEndpointResponse<Object> subscription(@Selector String id) {
		return WebResponses.respond(() -> this.endpoint.subscription(id));
	}

	/** See {@link EventSubscriptionsEndpoint#create}. */
	@WriteOperation
	public WebEndpointResponse<Object> create(@Nullable String id, @Nullable String patterns, @Nullable String type,
			@Nullable String config, @Nullable String organization, @Nullable Integer partitions,
			@Nullable Boolean active) {
		return WebResponses
			.respond(() -> this.endpoint.create(id, patterns, type, config, organization, partitions, active));
	}

	/** For a request without the header {@code Content-Type}. */
	@WriteOperation
	public WebEndpointResponse<Object> createWithoutContentType() {
		return WebResponses.respond(EventSubscriptionsEndpointWebExtension::requireContentType);
	}

	/** See {@link EventSubscriptionsEndpoint#change}. */
	@WriteOperation
	public WebEndpointResponse<Object> change(@Selector String id, @Nullable String patterns, @Nullable String type,
			@Nullable String config, @Nullable String organization, @Nullable Integer partitions) {
		return WebResponses.respond(() -> this.endpoint.change(id, patterns, type, config, organization, partitions));
	}

	/** For a request without the header {@code Content-Type}. */
	@WriteOperation
	public WebEndpointResponse<Object> changeWithoutContentType(@Selector String id) {
		return WebResponses.respond(EventSubscriptionsEndpointWebExtension::requireContentType);
	}

	private static Object requireContentType() {
		throw Requests.invalid(new IllegalArgumentException(
				"the request needs the header Content-Type: application/json, and a body"));
	}

	/** See {@link EventSubscriptionsEndpoint#act}. */
	@WriteOperation
	public WebEndpointResponse<Object> act(@Selector String id, @Selector String action, @Nullable String note) {
		return WebResponses.respond(() -> this.endpoint.act(id, action, note));
	}

	/** As {@link #act}, for a request without a body. */
	@WriteOperation
	public WebEndpointResponse<Object> actWithoutNote(@Selector String id, @Selector String action) {
		return WebResponses.respond(() -> this.endpoint.act(id, action, null));
	}

	/** See {@link EventSubscriptionsEndpoint#delete}. */
	@DeleteOperation
	public WebEndpointResponse<Object> delete(@Selector String id) {
		return WebResponses.respond(() -> this.endpoint.delete(id));
	}

}
