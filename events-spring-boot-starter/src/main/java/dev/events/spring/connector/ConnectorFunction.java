package dev.events.spring.connector;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Lets subscriptions of type {@code function} call this method of a bean. No other
 * methods can be called that way, so whoever may create subscriptions cannot call what
 * was not meant for it.
 *
 * <pre class="code">
 * &#64;ConnectorFunction
 * void book(Event&lt;OrderPlaced&gt; event) { … }
 * </pre>
 *
 * <pre class="code">
 * events.subscriptions().create(SubscriptionDefinition.of("function", "order.placed")
 *     .withConfig(Map.of("bean", "ledger", "method", "book")));
 * </pre>
 * <p>
 * The method takes an {@link dev.events.Event}, its data, or both, and if it likes a
 * {@link dev.events.Delivery}; it returns nothing. Its name must be the only one of its
 * kind in the bean.
 */
@Documented
@Target(ElementType.METHOD)
@Retention(RetentionPolicy.RUNTIME)
public @interface ConnectorFunction {

}
