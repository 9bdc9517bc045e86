package dev.events.subscriber;

import java.util.function.Predicate;

import dev.events.Event;
import dev.events.InvalidSubscriptionException;

/**
 * Understands the expressions of {@link dev.events.EventSubscriber#filter()}. Must be
 * thread-safe.
 */
@FunctionalInterface
public interface FilterCompiler {

	/** Refuses every expression: events-core alone has no expression language. */
	FilterCompiler NONE = (expression) -> {
		throw new InvalidSubscriptionException("the filter \"" + expression + "\" needs an expression language, "
				+ "which comes with events-spring-boot-starter; without it filter in code: Subscriber.where(...)");
	};

	/**
	 * Compiles an expression.
	 * @param expression as written in the annotation, not empty
	 * @return thread-safe; sees data as plain maps and lists; throws
	 * {@link dev.events.NonRetryableEventException} for an event it cannot be evaluated
	 * against
	 * @throws InvalidSubscriptionException when the expression is not valid
	 */
	Predicate<Event<Object>> compile(String expression);

}
