package dev.events.aggregation;

import java.time.Instant;
import java.util.Map;
import java.util.UUID;

import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.ObjectReader;
import tools.jackson.databind.cfg.JsonNodeFeature;
import tools.jackson.databind.json.JsonMapper;

/**
 * What is kept of a key: its open window, if it has one, and which events were added to
 * that and to those before.
 *
 * @param window the open window, or {@code null}
 * @param added positions of the events
 * @param failure why the result of the window could not be published, or {@code null}
 * @param failures how often that has failed
 */
record WindowData(@Nullable Window window, HandledPositions added, @Nullable String failure, int failures) {

	static final WindowData NONE = new WindowData(null, HandledPositions.NONE, null, 0);

	/** Status of a key with an open window. */
	static final String OPEN = "OPEN";

	/** Status of a key whose window has ended and could not be published yet. */
	static final String FAILED = "FAILED";

	/** Status of a key without a window. */
	static final String REMEMBERED = "REMEMBERED";

	private static final JsonMapper JSON = JsonMapper.builder().build();

	// numbers of the state must stay as they are written
	private static final ObjectReader READER = JSON.readerFor(WindowData.class)
		.with(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
		.without(JsonNodeFeature.STRIP_TRAILING_BIGDECIMAL_ZEROES)
		.without(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES);

	WindowData {
		// not there in what was written before it were positions
		added = (added != null) ? added : HandledPositions.NONE;
	}

	/**
	 * Reads it.
	 * @throws IllegalStateException when somebody has written something else
	 */
	static WindowData read(String text) {
		try {
			WindowData data = READER.readValue(text);
			if (data == null) {
				throw new IllegalStateException("The stored window is null");
			}
			data.added.all();
			return data;
		}
		catch (JacksonException | IllegalArgumentException | NullPointerException ex) {
			throw new IllegalStateException("The stored window is not one that this library has written", ex);
		}
	}

	String write() {
		return JSON.writeValueAsString(this);
	}

	/**
	 * A window that is open.
	 *
	 * @param id id of the event that has opened it
	 * @param startedAt when that was, by the store's clock
	 * @param endsAt when it ends, by the store's clock
	 * @param events how many events were added
	 * @param last id of the event that was added last
	 * @param correlationId that of all of its events, or {@code null} if they differ
	 * @param organization that of all of its events, or {@code null} if they differ
	 * @param gathered what was gathered, perhaps encrypted
	 * @param metadata says what of that is encrypted
	 */
	record Window(UUID id, Instant startedAt, Instant endsAt, int events, UUID last, @Nullable String correlationId,
			@Nullable String organization, JsonNode gathered, Map<String, String> metadata) {

		Window {
			metadata = Map.copyOf(metadata);
		}

	}

}
