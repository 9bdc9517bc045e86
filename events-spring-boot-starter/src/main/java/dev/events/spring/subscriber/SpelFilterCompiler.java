package dev.events.spring.subscriber;

import java.util.function.Predicate;

import dev.events.Event;
import dev.events.InvalidSubscriptionException;
import dev.events.NonRetryableEventException;
import dev.events.subscriber.FilterCompiler;

import org.springframework.expression.EvaluationContext;
import org.springframework.expression.EvaluationException;
import org.springframework.expression.ParseException;
import org.springframework.expression.spel.standard.SpelExpression;
import org.springframework.expression.spel.standard.SpelExpressionParser;
import org.springframework.expression.spel.support.SimpleEvaluationContext;

/**
 * Reads filters as SpEL over the event, for example
 * {@code type == 'user.updated' and data.field == 'email'}. They can read and compare the
 * event's properties, but neither call methods nor change anything; a field that the data
 * does not have is {@code null}. Thread-safe.
 */
public final class SpelFilterCompiler implements FilterCompiler {

	private final SpelExpressionParser parser = new SpelExpressionParser();

	private final EvaluationContext context = SimpleEvaluationContext.forPropertyAccessors(new EventPropertyAccessor())
		.withAssignmentDisabled()
		.build();

	@Override
	public Predicate<Event<Object>> compile(String expression) {
		SpelExpression compiled = parse(expression);
		return (event) -> test(compiled, event);
	}

	private SpelExpression parse(String expression) {
		try {
			SpelExpression compiled = this.parser.parseRaw(expression);
			FilterSyntax.check(compiled.getAST());
			return compiled;
		}
		catch (ParseException ex) {
			throw new InvalidSubscriptionException(
					"the filter \"" + expression + "\" is not a valid expression: " + ex.getSimpleMessage(), ex);
		}
		catch (InvalidSubscriptionException ex) {
			throw new InvalidSubscriptionException("the filter \"" + expression + "\": " + ex.getMessage(), ex);
		}
	}

	private boolean test(SpelExpression expression, Event<Object> event) {
		Object result;
		try {
			result = expression.getValue(this.context, event);
		}
		catch (EvaluationException ex) {
			throw new NonRetryableEventException("The filter \"" + expression.getExpressionString()
					+ "\" cannot be evaluated for " + event + ": " + ex.getSimpleMessage(), ex);
		}
		if (result instanceof Boolean matches) {
			return matches;
		}
		throw new NonRetryableEventException(
				"The filter \"" + expression.getExpressionString() + "\" must be true or false, but for " + event
						+ " it is " + ((result != null) ? "of " + result.getClass() : "null"));
	}

}
