package dev.events.spring.subscriber;

import java.util.TreeSet;

import dev.events.InvalidSubscriptionException;

import org.springframework.expression.spel.SpelNode;
import org.springframework.expression.spel.ast.Assign;
import org.springframework.expression.spel.ast.BeanReference;
import org.springframework.expression.spel.ast.CompoundExpression;
import org.springframework.expression.spel.ast.ConstructorReference;
import org.springframework.expression.spel.ast.FunctionReference;
import org.springframework.expression.spel.ast.Indexer;
import org.springframework.expression.spel.ast.MethodReference;
import org.springframework.expression.spel.ast.OpDec;
import org.springframework.expression.spel.ast.OpInc;
import org.springframework.expression.spel.ast.Projection;
import org.springframework.expression.spel.ast.PropertyOrFieldReference;
import org.springframework.expression.spel.ast.Selection;
import org.springframework.expression.spel.ast.TypeReference;

/**
 * Finds at start-up what could only fail later, event by event.
 */
final class FilterSyntax {

	private FilterSyntax() {
	}

	/**
	 * Checks an expression whose root object is an event.
	 * @throws InvalidSubscriptionException when it uses what filters cannot use, or a
	 * property that events do not have
	 */
	static void check(SpelNode expression) {
		check(expression, true);
	}

	private static void check(SpelNode node, boolean onEvent) {
		if (node instanceof MethodReference || node instanceof FunctionReference || node instanceof TypeReference
				|| node instanceof BeanReference || node instanceof ConstructorReference) {
			throw refuse(node, "calls code, which filters cannot do; compare properties, or filter in the method");
		}
		if (node instanceof Assign || node instanceof OpInc || node instanceof OpDec) {
			throw refuse(node, "changes something, which filters cannot do; to compare write ==");
		}
		if (onEvent && node instanceof PropertyOrFieldReference property
				&& !EventPropertyAccessor.PROPERTIES.containsKey(property.getName())) {
			throw refuse(node, "is not a property of an event; there are "
					+ new TreeSet<>(EventPropertyAccessor.PROPERTIES.keySet()) + ", for example data.name");
		}
		for (int i = 0; i < node.getChildCount(); i++) {
			check(node.getChild(i), isOnEvent(node, i, onEvent));
		}
	}

	private static boolean isOnEvent(SpelNode node, int child, boolean onEvent) {
		if (node instanceof CompoundExpression) {
			return onEvent && child == 0;
		}
		// map[name] takes the name as it is; selections look at elements
		return onEvent && !(node instanceof Indexer || node instanceof Selection || node instanceof Projection);
	}

	private static InvalidSubscriptionException refuse(SpelNode node, String problem) {
		return new InvalidSubscriptionException("\"" + node.toStringAST() + "\" " + problem);
	}

}
