package dev.events;

import java.util.Map;

import com.fasterxml.jackson.annotation.JsonValue;

/**
 * Stands for data that nobody can read any more, because its {@link DataSubject} was
 * {@linkplain DataSubjects#forget forgotten}: the data of such an event in the answer of
 * a query.
 *
 * <pre>{@code
 * if (event.data() instanceof ErasedData) { … }
 * }</pre>
 */
public final class ErasedData {

	/** The only one. */
	public static final ErasedData INSTANCE = new ErasedData();

	private ErasedData() {
	}

	@JsonValue
	Map<String, Boolean> json() {
		return Map.of("erased", true);
	}

	@Override
	public String toString() {
		return "(erased)";
	}

}
