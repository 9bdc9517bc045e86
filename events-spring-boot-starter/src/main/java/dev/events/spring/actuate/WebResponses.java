package dev.events.spring.actuate;

import java.util.UUID;
import java.util.function.Supplier;

import org.jspecify.annotations.Nullable;

import org.springframework.boot.actuate.endpoint.InvalidEndpointRequestException;
import org.springframework.boot.actuate.endpoint.web.WebEndpointResponse;

/**
 * How endpoints answer over HTTP: what is not there is a 404, also for operations that
 * write, and a 400 says why in its body, which Spring Boot's own does not by default.
 */
final class WebResponses {

	private WebResponses() {
	}

	static WebEndpointResponse<Object> respond(Supplier<@Nullable Object> operation) {
		try {
			Object answer = operation.get();
			return (answer != null) ? new WebEndpointResponse<>(answer)
					: new WebEndpointResponse<>(WebEndpointResponse.STATUS_NOT_FOUND);
		}
		catch (InvalidEndpointRequestException ex) {
			return new WebEndpointResponse<>(new Problem(ex.getReason()), WebEndpointResponse.STATUS_BAD_REQUEST);
		}
	}

	/**
	 * Reads the id of a dead letter.
	 * @throws InvalidEndpointRequestException when it is not a UUID
	 */
	static UUID id(String id) {
		return id(id, "a dead letter; ids are UUIDs, GET /actuator/eventdlq lists them");
	}

	/**
	 * Reads an id.
	 * @param what whose id it is, and where to find ids
	 * @throws InvalidEndpointRequestException when it is not a UUID
	 */
	static UUID id(String id, String what) {
		try {
			return UUID.fromString(id);
		}
		catch (IllegalArgumentException ex) {
			throw Requests.invalid(new IllegalArgumentException("'" + id + "' is not the id of " + what, ex));
		}
	}

	/**
	 * Body of a 400.
	 *
	 * @param message what is wrong with the request
	 */
	record Problem(@Nullable String message) {

	}

}
