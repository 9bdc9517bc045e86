package dev.events.encryption;

import tools.jackson.databind.ObjectWriter;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.module.SimpleModule;

/**
 * Writes data of events as JSON, as a given mapper does, and notes where annotated values
 * stand in it. Declared types do not tell that for elements of lists, values of maps and
 * whatever else is declared as something more general than it is. Classes without
 * annotations are written without any detour. Thread-safe.
 */
public final class DataWriter {

	private final AnnotatedValues annotated = new AnnotatedValues();

	private final ObjectWriter writer;

	/**
	 * Creates a writer.
	 * @param mapper how data is written
	 */
	public DataWriter(JsonMapper mapper) {
		this.writer = mapper.rebuild()
			.addModule(new SimpleModule("events-encryption").setSerializerModifier(this.annotated))
			.build()
			.writer();
	}

	/**
	 * Writes data.
	 * @throws tools.jackson.core.JacksonException when it cannot be written
	 */
	public Written write(Object data) {
		if (!this.annotated.any()) {
			Written plain = new Written(this.writer.writeValueAsString(data), DataShape.of(data.getClass()));
			// or nobody has noted what was met just now
			if (!this.annotated.any()) {
				return plain;
			}
		}
		DataShape shape = new DataShape(data.getClass());
		return new Written(this.writer.withAttribute(DataShape.class, shape).writeValueAsString(data), shape);
	}

	/**
	 * Data that was written.
	 *
	 * @param json the text
	 * @param shape what was met on the way
	 */
	public record Written(String json, DataShape shape) {

	}

}
