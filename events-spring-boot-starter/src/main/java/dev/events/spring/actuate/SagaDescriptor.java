package dev.events.spring.actuate;

import java.time.Instant;
import java.util.List;
import java.util.UUID;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.events.SagaInfo;
import dev.events.SagaStats;
import org.jspecify.annotations.Nullable;

/**
 * A saga as the endpoint {@code eventsagas} shows it.
 *
 * @param key which one of its kind
 * @param status what has become of it
 * @param correlationId correlation id of the event that has started it
 * @param completedSteps event types of the steps that are completed, in order
 * @param handledEvents how many of its events are remembered as handled
 * @param reason why it was compensated; {@code null} when payloads are not shown
 * @param failure what has failed last
 * @param failures all that has failed, the newest last
 * @param startedAt when it was started
 * @param changedAt when it was last changed
 * @param dueAt when its time is over, or it is forgotten
 * @param state its state; {@code null} in pages, and when payloads are not shown
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record SagaDescriptor(String key, SagaInfo.Status status, String correlationId, List<String> completedSteps,
		int handledEvents, @Nullable String reason, @Nullable Failure failure, List<Failure> failures,
		Instant startedAt, Instant changedAt, @Nullable Instant dueAt, @Nullable Object state) {

	static SagaDescriptor summary(SagaInfo info) {
		return of(info, false);
	}

	static SagaDescriptor of(SagaInfo info, boolean show) {
		List<Failure> failures = info.failures().stream().map((failure) -> Failure.of(failure, show)).toList();
		return new SagaDescriptor(info.key(), info.status(), info.correlationId(), info.completedSteps(),
				info.handledEvents(), show ? info.reason() : null,
				failures.isEmpty() ? null : failures.get(failures.size() - 1), failures, info.startedAt(),
				info.changedAt(), info.dueAt(), show ? DeadLetterDescriptor.json(info.state()) : null);
	}

	/**
	 * What has failed.
	 *
	 * @param eventId id of the event, or {@code null} when it was the timeout
	 * @param eventType type of that event
	 * @param error class of the exception
	 * @param message its message; {@code null} when payloads are not shown
	 * @param attempts how many attempts have failed
	 */
	@JsonInclude(JsonInclude.Include.NON_NULL)
	public record Failure(@Nullable UUID eventId, @Nullable String eventType, String error, @Nullable String message,
			int attempts) {

		static Failure of(SagaInfo.Failure failure, boolean show) {
			return new Failure(failure.eventId(), failure.eventType(), failure.error(), show ? failure.message() : null,
					failure.attempts());
		}

	}

	/**
	 * All kinds of sagas.
	 *
	 * @param sagas what there is of each
	 */
	public record Kinds(List<SagaStats> sagas) {

	}

	/**
	 * A page of sagas of one kind.
	 *
	 * @param sagas the sagas
	 * @param next what to give as {@code after} for the next page; {@code null} after the
	 * last one
	 */
	@JsonInclude(JsonInclude.Include.NON_NULL)
	public record Page(List<SagaDescriptor> sagas, @Nullable String next) {

	}

}
