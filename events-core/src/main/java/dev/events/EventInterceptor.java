package dev.events;

import org.jspecify.annotations.Nullable;

/**
 * Sees each event on its way into the bus, whichever way it is published, before
 * synchronous subscribers and storage. May change it, drop it or refuse it. In Spring
 * every bean of this type takes part, ordered by {@code @Order}. Must be thread-safe.
 *
 * <pre class="code">
 * &#064;Bean
 * EventInterceptor region() {
 *     return (event) -&gt; event.withMetadata("region", "eu");
 * }
 * </pre>
 */
@FunctionalInterface
public interface EventInterceptor {

	/**
	 * Handles an event that is being published.
	 * @param event the event, with source and correlation set
	 * @return the event to go on with, or {@code null} to drop it silently (it is
	 * counted)
	 * @throws EventRejectedException to refuse it: the publisher gets the exception
	 */
	@Nullable Event<?> intercept(Event<?> event);

}
