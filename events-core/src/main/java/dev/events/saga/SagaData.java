package dev.events.saga;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;

import com.fasterxml.jackson.annotation.JsonAlias;
import com.fasterxml.jackson.annotation.JsonFormat;
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
 * @param organization organization of that event, or {@code null}
 * @param state the state, perhaps encrypted
 * @param metadata says what of the state is encrypted
 * @param steps event types of the completed steps, in order
 * @param handled ids of the events that it has handled, at most {@value #MAX_HANDLED}:
 * the one that has started it, and the newest ones. An event comes twice when a node
 * dies, or a checkpoint fails, right after it was handled, so it is one of the last;
 * older ones come again only when somebody rewinds the subscription by more than that
 * @param positions positions of the newest of these events, one for each; not of those
 * that were handled by a version that did not note them
 * @param reason why it was compensated, or {@code null}
 * @param failures what has failed, at most {@value #MAX_FAILURES}, the newest one last
 */
record SagaData(UUID id, String correlationId, @Nullable String organization, JsonNode state,
		Map<String, String> metadata, List<String> steps, List<UUID> handled, List<Long> positions,
		@Nullable String reason, @JsonAlias("failure") @JsonFormat(
				with = JsonFormat.Feature.ACCEPT_SINGLE_VALUE_AS_ARRAY) List<Failure> failures) {

	static final int MAX_HANDLED = 1000;

	static final int MAX_STEPS = 1000;

	static final int MAX_FAILURES = 100;

	private static final JsonMapper JSON = JsonMapper.builder().build();

	// numbers of the state must stay as they are written
	private static final ObjectReader READER = JSON.readerFor(SagaData.class)
		.with(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
		.without(JsonNodeFeature.STRIP_TRAILING_BIGDECIMAL_ZEROES)
		.without(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES);

	@SuppressWarnings("ConstantValue") // an earlier version has written neither of the
										// last
	SagaData {
		metadata = Map.copyOf(metadata);
		steps = List.copyOf(steps);
		handled = List.copyOf(handled);
		positions = (positions != null) ? List.copyOf(positions) : List.of();
		failures = (failures != null) ? failures.stream().filter(Objects::nonNull).toList() : List.of();
	}

	/** One that begins. */
	static SagaData of(UUID id, String correlationId, @Nullable String organization, JsonNode state,
			Map<String, String> metadata) {
		return new SagaData(id, correlationId, organization, state, metadata, List.of(), List.of(), List.of(), null,
				List.of());
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

	/** Handled events of which it was not noted where they are in the log. */
	List<UUID> withoutPosition() {
		return this.handled.subList(0, Math.max(0, this.handled.size() - this.positions.size()));
	}

	/** With an event that it has handled, which no longer is one that has failed. */
	SagaData withHandled(UUID event, long position) {
		List<UUID> handled = new ArrayList<>(this.handled);
		List<Long> positions = new ArrayList<>(this.positions);
		handled.add(event);
		positions.add(position);
		if (handled.size() > MAX_HANDLED) {
			// never the first one, which would start it anew
			handled.remove(1);
			if (positions.size() >= handled.size()) {
				positions.remove(positions.size() - handled.size());
			}
		}
		return new SagaData(this.id, this.correlationId, this.organization, this.state, this.metadata, this.steps,
				handled, positions, this.reason, without(event));
	}

	SagaData withStep(String step) {
		List<String> all = new ArrayList<>(this.steps);
		all.add(step);
		if (all.size() > MAX_STEPS) {
			throw new IllegalStateException("The saga has made " + MAX_STEPS + " steps, which is the limit");
		}
		return new SagaData(this.id, this.correlationId, this.organization, this.state, this.metadata, all,
				this.handled, this.positions, this.reason, this.failures);
	}

	SagaData withState(JsonNode state, Map<String, String> metadata) {
		return new SagaData(this.id, this.correlationId, this.organization, state, metadata, this.steps, this.handled,
				this.positions, this.reason, this.failures);
	}

	SagaData withReason(@Nullable String reason) {
		return new SagaData(this.id, this.correlationId, this.organization, this.state, this.metadata, this.steps,
				this.handled, this.positions, reason, this.failures);
	}

	SagaData withFailures(List<Failure> failures) {
		return new SagaData(this.id, this.correlationId, this.organization, this.state, this.metadata, this.steps,
				this.handled, this.positions, this.reason, failures);
	}

	/** With this as the newest failure, in the place of one before of the same event. */
	SagaData withFailure(Failure failure) {
		List<Failure> all = new ArrayList<>(without(failure.eventId()));
		all.add(failure);
		return withFailures(all.subList(Math.max(0, all.size() - MAX_FAILURES), all.size()));
	}

	/** Without that of the timeout. */
	SagaData withoutTimeout() {
		return withFailures(without(null));
	}

	private List<Failure> without(@Nullable UUID event) {
		return this.failures.stream().filter((failure) -> !Objects.equals(failure.eventId(), event)).toList();
	}

	/** The failure of the timeout, or {@code null}. */
	@Nullable Failure timeout() {
		return this.failures.stream().filter((failure) -> failure.eventId() == null).findFirst().orElse(null);
	}

	/** The newest failure, or {@code null}. */
	@Nullable Failure failure() {
		return this.failures.isEmpty() ? null : this.failures.get(this.failures.size() - 1);
	}

}
