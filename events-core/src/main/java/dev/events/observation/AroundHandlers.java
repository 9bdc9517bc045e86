package dev.events.observation;

import dev.events.DeliveryInterceptor;

/**
 * What stands around every call of a handler, from the outside to the inside.
 *
 * @param mdc says in log lines for which event they are
 * @param observations observes it
 * @param interceptor code of users
 */
public record AroundHandlers(HandlerMdc mdc, EventObservations observations, DeliveryInterceptor interceptor) {

}
