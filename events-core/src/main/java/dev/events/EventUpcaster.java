package dev.events;

import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.function.Function;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Turns data of an old version into the shape of a newer one, whenever an event is read:
 * for subscribers, their filters and queries. The stored event stays as it is. Upcasters
 * of one type form a chain; one that takes 1.0.0 to 1.1.0 and one that takes 1.1.0 to
 * 2.0.0 are enough for both. In a Spring application they are beans:
 *
 * <pre class="code">
 * &#064;Bean
 * EventUpcaster oneName() {
 *     return EventUpcaster.of("user.registered", "1.0.0", "2.0.0", (data) -&gt;
 *         data.put("name", data.remove("first").asString() + " " + data.remove("last").asString()));
 * }
 * </pre>
 *
 * An exception makes the event a dead letter at once. Must be thread-safe, and should do
 * nothing but look at the event: it is called each time one is read.
 */
public interface EventUpcaster {

	/** Event type, exactly; never a pattern. */
	String type();

	/** Version whose data it takes, as {@code major.minor.patch}. */
	String fromVersion();

	/** Version whose shape it gives: a higher one. */
	String toVersion();

	/**
	 * The data in the new shape.
	 * @param event the event in the shape of {@link #fromVersion()}; its data may be
	 * changed and returned
	 * @return the data, never {@code null}
	 */
	JsonNode upcast(Event<JsonNode> event);

	/**
	 * One that changes data that is a JSON object.
	 * @param type event type
	 * @param from version whose data it takes
	 * @param to version whose shape it gives
	 * @param change adds, removes and renames properties of the object it is given
	 */
	static EventUpcaster of(String type, String from, String to, Consumer<ObjectNode> change) {
		return of(type, from, to, (data, event) -> change.accept(data));
	}

	/**
	 * One that changes data that is a JSON object and looks at the envelope, too.
	 * @param type event type
	 * @param from version whose data it takes
	 * @param to version whose shape it gives
	 * @param change changes the object it is given
	 */
	static EventUpcaster of(String type, String from, String to, BiConsumer<ObjectNode, Event<JsonNode>> change) {
		return replacing(type, from, to, (event) -> {
			if (!(event.data() instanceof ObjectNode data)) {
				throw new InvalidEventException("The data is " + event.data().getNodeType() + " and not an object");
			}
			change.accept(data, event);
			return data;
		});
	}

	/**
	 * One that makes new data.
	 * @param type event type
	 * @param from version whose data it takes
	 * @param to version whose shape it gives
	 * @param change gives the data in the new shape
	 */
	static EventUpcaster replacing(String type, String from, String to, Function<Event<JsonNode>, JsonNode> change) {
		return new FunctionUpcaster(type, from, to, change);
	}

	/**
	 * Says that data of one version has the shape of another as it is.
	 * @param type event type
	 * @param from version whose data it takes
	 * @param to version in whose shape it is, too
	 */
	static EventUpcaster unchanged(String type, String from, String to) {
		return replacing(type, from, to, Event::data);
	}

}
