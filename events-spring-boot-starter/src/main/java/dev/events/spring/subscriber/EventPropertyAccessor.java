package dev.events.spring.subscriber;

import java.util.Map;
import java.util.function.Function;

import dev.events.Event;
import org.jspecify.annotations.Nullable;

import org.springframework.expression.AccessException;
import org.springframework.expression.EvaluationContext;
import org.springframework.expression.PropertyAccessor;
import org.springframework.expression.TypedValue;

/**
 * Lets expressions read the parts of an {@link Event} by name, and entries of the maps in
 * it. Knows the properties of an event by heart, so that what is not there can be refused
 * at start-up. Unlike Spring's own accessor it takes an entry of a map that is not there
 * for {@code null}, as {@code map['name']} does: an event without a field is one that the
 * filter does not match, not an error.
 */
final class EventPropertyAccessor implements PropertyAccessor {

	static final Map<String, Function<Event<?>, @Nullable Object>> PROPERTIES = Map.ofEntries(
			Map.entry("id", Event::id), Map.entry("type", Event::type), Map.entry("version", Event::version),
			Map.entry("source", Event::source), Map.entry("key", Event::key),
			Map.entry("organization", Event::organization), Map.entry("user", Event::user),
			Map.entry("correlationId", Event::correlationId), Map.entry("causationId", Event::causationId),
			Map.entry("timestamp", Event::timestamp), Map.entry("data", Event::data),
			Map.entry("metadata", Event::metadata));

	@Override
	public Class<?>[] getSpecificTargetClasses() {
		return new Class<?>[] { Event.class, Map.class };
	}

	@Override
	public boolean canRead(EvaluationContext context, @Nullable Object target, String name) {
		return target instanceof Map || target instanceof Event && PROPERTIES.containsKey(name);
	}

	@Override
	public TypedValue read(EvaluationContext context, @Nullable Object target, String name) throws AccessException {
		if (target instanceof Map<?, ?> map) {
			return new TypedValue(map.get(name));
		}
		Function<Event<?>, @Nullable Object> property = PROPERTIES.get(name);
		// an expression goes on with the accessor of its last evaluation, without canRead
		if (!(target instanceof Event<?> event) || property == null) {
			throw new AccessException("Neither an event nor an object");
		}
		return new TypedValue(property.apply(event));
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
