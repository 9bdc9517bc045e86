package dev.events.spring;

import dev.events.bus.EventBusBuilder;

/**
 * Sets options of the bus that have no property, after all that properties and beans set.
 * Called once, when the bus is built; several are called in their order.
 *
 * <pre class="code">
 * &#064;Bean
 * EventBusBuilderCustomizer slowHandlers() {
 *     return (builder) -&gt; builder.deliveryInterceptor(new SlowHandlerLog());
 * }
 * </pre>
 */
@FunctionalInterface
public interface EventBusBuilderCustomizer {

	/**
	 * Changes options.
	 * @param builder all options so far are set
	 */
	void customize(EventBusBuilder builder);

}
