package dev.events.spring.subscriber;

import java.util.Map;

import org.jspecify.annotations.Nullable;

import org.springframework.expression.AccessException;
import org.springframework.expression.EvaluationContext;
import org.springframework.expression.PropertyAccessor;
import org.springframework.expression.TypedValue;

/**
 * Lets expressions read entries of maps as properties. Unlike Spring's own accessor it
 * takes an entry that is not there for {@code null}, as {@code map['name']} does: an
 * event without a field is one that the filter does not match, not an error.
 */
final class DataPropertyAccessor implements PropertyAccessor {

	@Override
	public Class<?>[] getSpecificTargetClasses() {
		return new Class<?>[] { Map.class };
	}

	@Override
	public boolean canRead(EvaluationContext context, @Nullable Object target, String name) {
		return target instanceof Map;
	}

	@Override
	public TypedValue read(EvaluationContext context, @Nullable Object target, String name) throws AccessException {
		// an expression goes on with the accessor of its last evaluation, without canRead
		if (!(target instanceof Map<?, ?> map)) {
			throw new AccessException("The data is not an object");
		}
		return new TypedValue(map.get(name));
	}

	@Override
	public boolean canWrite(EvaluationContext context, @Nullable Object target, String name) {
		return false;
	}

	@Override
	public void write(EvaluationContext context, @Nullable Object target, String name, @Nullable Object value) {
		throw new UnsupportedOperationException();
	}

}
