package dev.events.spring.actuate;

import java.util.List;
import java.util.Set;

import org.jspecify.annotations.Nullable;

import org.springframework.boot.actuate.endpoint.EndpointId;
import org.springframework.boot.actuate.endpoint.InvocationContext;
import org.springframework.boot.actuate.endpoint.OperationType;
import org.springframework.boot.actuate.endpoint.invoke.OperationInvoker;
import org.springframework.boot.actuate.endpoint.invoke.OperationInvokerAdvisor;
import org.springframework.boot.actuate.endpoint.invoke.OperationParameter;
import org.springframework.boot.actuate.endpoint.invoke.OperationParameters;
import org.springframework.boot.actuate.endpoint.web.WebEndpointResponse;
import org.springframework.boot.actuate.endpoint.web.WebServerNamespace;

/**
 * Refuses parameters that an operation of our endpoints does not have. Actuator passes
 * over them, and a condition that is misspelt would be none: everything would be
 * replayed, or discarded. Operations without any parameter are left alone, and so are
 * names that begin with an underscore, which are of web frameworks. Thread-safe.
 */
public final class UnknownParameters implements OperationInvokerAdvisor {

	private static final Set<String> ENDPOINTS = Set.of("events", "eventdlq", "eventreplays", "eventschedule",
			"eventschemas", "eventsubscriptions");

	// of _csrf, _method, and of what keeps caches away
	private static final String OTHERS = "_";

	/** Creates the advisor of all our endpoints. */
	public UnknownParameters() {
	}

	@Override
	public OperationInvoker apply(EndpointId endpoint, OperationType operation, OperationParameters parameters,
			OperationInvoker invoker) {
		if (!ENDPOINTS.contains(endpoint.toLowerCaseString()) || !parameters.hasParameters()) {
			return invoker;
		}
		List<String> known = parameters.stream().map(OperationParameter::getName).toList();
		return (context) -> invoke(known, invoker, context);
	}

	private static @Nullable Object invoke(List<String> known, OperationInvoker invoker, InvocationContext context) {
		List<String> unknown = context.getArguments()
			.keySet()
			.stream()
			.filter((name) -> !known.contains(name) && !name.startsWith(OTHERS))
			.sorted()
			.toList();
		if (unknown.isEmpty()) {
			return invoker.invoke(context);
		}
		IllegalArgumentException problem = new IllegalArgumentException(
				"unknown parameter " + String.join(", ", unknown) + "; known are " + String.join(", ", known));
		if (!context.canResolve(WebServerNamespace.class)) {
			throw Requests.invalid(problem);
		}
		WebEndpointResponse<Object> refusal = WebResponses.respond(() -> {
			throw Requests.invalid(problem);
		});
		return refusal;
	}

}
