package dev.events.spring.test.shop;

import dev.events.Event;
import dev.events.EventInterceptor;

import org.springframework.stereotype.Component;

/**
 * An interceptor.
 */
@Component
class Origin implements EventInterceptor {

	@Override
	public Event<?> intercept(Event<?> event) {
		return event.withMetadata("origin", "shop");
	}

}
