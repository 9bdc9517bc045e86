package dev.events.publish;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

import dev.events.Event;
import dev.events.EventTypeDescriptor;
import org.jspecify.annotations.Nullable;

/**
 * Finds the events in what a subscriber returned.
 */
public final class Answers {

	private Answers() {
	}

	/**
	 * The events, or objects whose classes carry {@link dev.events.EventType}, in a
	 * value: the value itself, or the elements of a collection, array or optional.
	 * Anything else is left out.
	 */
	public static List<Object> of(@Nullable Object answer) {
		if (answer == null) {
			return List.of();
		}
		List<Object> events = new ArrayList<>();
		collect(answer, events);
		return events;
	}

	private static void collect(@Nullable Object answer, List<Object> events) {
		if (answer instanceof Iterable<?> values && !isEvent(answer)) {
			values.forEach((value) -> collect(value, events));
		}
		else if (answer instanceof Object[] values) {
			for (Object value : values) {
				collect(value, events);
			}
		}
		else if (answer instanceof Optional<?> value) {
			value.ifPresent((present) -> collect(present, events));
		}
		else if (answer != null && isEvent(answer)) {
			events.add(answer);
		}
	}

	private static boolean isEvent(Object answer) {
		return answer instanceof Event<?> || EventTypeDescriptor.isEventType(answer.getClass());
	}

}
