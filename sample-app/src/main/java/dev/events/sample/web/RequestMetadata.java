package dev.events.sample.web;

import dev.events.Event;
import dev.events.EventInterceptor;
import jakarta.servlet.http.HttpServletRequest;

import org.springframework.stereotype.Component;
import org.springframework.web.context.request.RequestContextHolder;
import org.springframework.web.context.request.ServletRequestAttributes;

/**
 * Notes on each event which HTTP request it was published in. Sees every event, whoever
 * publishes it; those of subscribers have no request, and stay as they are.
 */
@Component
class RequestMetadata implements EventInterceptor {

	@Override
	public Event<?> intercept(Event<?> event) {
		if (RequestContextHolder.getRequestAttributes() instanceof ServletRequestAttributes attributes) {
			HttpServletRequest request = attributes.getRequest();
			return event.withMetadata("request", request.getMethod() + " " + request.getRequestURI());
		}
		return event;
	}

}
