package dev.events.spring.actuate;

import org.springframework.boot.actuate.endpoint.InvalidEndpointRequestException;

/**
 * How endpoints refuse requests; over HTTP it is a 400 with the message as its reason.
 */
final class Requests {

	private Requests() {
	}

	static void require(boolean condition, String message) {
		if (!condition) {
			throw new InvalidEndpointRequestException(message, message);
		}
	}

	static InvalidEndpointRequestException invalid(Exception ex) {
		return invalid(String.valueOf(ex.getMessage()), ex);
	}

	static InvalidEndpointRequestException invalid(String message, Exception ex) {
		return new InvalidEndpointRequestException(message, message, ex);
	}

}
