package dev.events;

import java.util.List;
import java.util.concurrent.Callable;

import org.jspecify.annotations.Nullable;

/**
 * Stands around every call of a handler, synchronous ones included: for logging contexts,
 * timing, or failures on purpose in tests. Must be thread-safe.
 *
 * <pre>{@code
 * builder.deliveryInterceptor((delivery, events, handler) -> {
 *     try (MDC.MDCCloseable c = MDC.putCloseable("subscription", delivery.subscription())) {
 *         return handler.call();
 *     }
 * });
 * }</pre>
 */
@FunctionalInterface
public interface DeliveryInterceptor {

	/** Only calls the handler. */
	DeliveryInterceptor NONE = (delivery, events, handler) -> handler.call();

	/**
	 * Calls the handler, once. What this throws is a failure of the handler.
	 * @param delivery how the events come to the subscriber
	 * @param events the events, as the handler gets them; several only for a handler that
	 * takes batches
	 * @param handler calls the handler, and waits for it when it answers with a stage
	 * @return what the handler has answered
	 * @throws Exception when the delivery fails
	 */
	@Nullable Object intercept(Delivery delivery, List<? extends Event<?>> events, Callable<@Nullable Object> handler)
			throws Exception;

}
