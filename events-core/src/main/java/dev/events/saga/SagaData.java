package dev.events.saga;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;

import dev.events.SagaInfo.Failure;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.ObjectReader;
import tools.jackson.databind.cfg.JsonNodeFeature;
import tools.jackson.databind.json.JsonMapper;

/**
 * What is kept of a saga besides its status and its deadline. It can be read, and a
 * failure noted in it, whatever has become of the class of the state.
 *
 * @param id id of the event that has started it
 * @param correlationId correlation id of that event
 * @param state the state, perhaps encrypted
 * @param metadata says what of the state is encrypted
 * @param steps event types of the completed steps, in order
 * @param handled ids of the events that it has handled, at most {@value #MAX_HANDLED},
 * the newest ones. An event comes twice when a node dies, or a checkpoint fails, right
 * after it was handled, so it is one of the last; older ones come again only when
 * somebody rewinds the subscription by more than that
 * @param reason why it was compensated, or {@code null}
 * @param failure what has failed, or {@code null}
 */
record SagaData(UUID id, String correlationId, JsonNode state, Map<String, String> metadata, List<String> steps,
		List<UUID> handled, @Nullable String reason, @Nullable Failure failure) {

	static final int MAX_HANDLED = 1000;

	static final int MAX_STEPS = 1000;

	private static final JsonMapper JSON = JsonMapper.builder().build();

	// numbers of the state must stay as they are written
	private static final ObjectReader READER = JSON.readerFor(SagaData.class)
		.with(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
		.without(JsonNodeFeature.STRIP_TRAILING_BIGDECIMAL_ZEROES)
		.without(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES);

	SagaData {
		metadata = Map.copyOf(metadata);
		steps = List.copyOf(steps);
		handled = List.copyOf(handled);
	}

	/**
	 * Reads it.
	 * @throws IllegalStateException when somebody has written something else
	 */
	static SagaData read(String text) {
		try {
			SagaData data = READER.readValue(text);
			if (data == null) {
				throw new IllegalStateException("The stored saga is null");
			}
			return data;
		}
		catch (JacksonException | NullPointerException ex) {
			throw new IllegalStateException("The stored saga is not one that this library has written", ex);
		}
	}

	String write() {
		return JSON.writeValueAsString(this);
	}

	boolean hasHandled(UUID event) {
		return this.handled.contains(event);
	}

	SagaData withHandled(UUID event) {
		List<UUID> all = new ArrayList<>(this.handled);
		all.add(event);
		List<UUID> newest = all.subList(Math.max(0, all.size() - MAX_HANDLED), all.size());
		return new SagaData(this.id, this.correlationId, this.state, this.metadata, this.steps, newest, this.reason,
				this.failure);
	}

	SagaData withStep(String step) {
		List<String> all = new ArrayList<>(this.steps);
		all.add(step);
		if (all.size() > MAX_STEPS) {
			throw new IllegalStateException("The saga has made " + MAX_STEPS + " steps, which is the limit");
		}
		return new SagaData(this.id, this.correlationId, this.state, this.metadata, all, this.handled, this.reason,
				this.failure);
	}

	SagaData withState(JsonNode state, Map<String, String> metadata) {
		return new SagaData(this.id, this.correlationId, state, metadata, this.steps, this.handled, this.reason,
				this.failure);
	}

	SagaData withReason(@Nullable String reason) {
		return new SagaData(this.id, this.correlationId, this.state, this.metadata, this.steps, this.handled, reason,
				this.failure);
	}

	SagaData withFailure(@Nullable Failure failure) {
		return new SagaData(this.id, this.correlationId, this.state, this.metadata, this.steps, this.handled,
				this.reason, failure);
	}

}
