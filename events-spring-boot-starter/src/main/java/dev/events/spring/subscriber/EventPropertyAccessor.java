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
 * Lets expressions read the parts of an {@link Event} by name. Knows its properties by
 * heart, so that what is not there can be refused at start-up.
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
		return new Class<?>[] { Event.class };
	}

	@Override
	public boolean canRead(EvaluationContext context, @Nullable Object target, String name) {
		return target instanceof Event && PROPERTIES.containsKey(name);
	}

	@Override
	public TypedValue read(EvaluationContext context, @Nullable Object target, String name) throws AccessException {
		Function<Event<?>, @Nullable Object> property = PROPERTIES.get(name);
		if (!(target instanceof Event<?> event) || property == null) {
			throw new AccessException("Not an event");
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
