package dev.events.saga;

import java.util.List;
import java.util.Map;
import java.util.UUID;

import dev.events.Event;
import dev.events.SagaInfo;
import dev.events.SagaInfo.Failure;
import dev.events.SagaInfo.Status;
import dev.events.encryption.EventEncryption;
import dev.events.store.ProcessRecord;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.JsonNodeFactory;

/**
 * Stored sagas as people see them.
 */
final class SagaRecords {

	private static final int MAX_MESSAGE = 500;

	private static final SagaData UNREADABLE = SagaData.of(new UUID(0, 0), "", null,
			JsonNodeFactory.instance.objectNode(), Map.of());

	private SagaRecords() {
	}

	/** Of one with a status that somebody has made up, the deadline still counts. */
	static Status status(ProcessRecord record) {
		return status(record.state().status());
	}

	static Status status(String name) {
		for (Status status : Status.values()) {
			if (status.name().equals(name)) {
				return status;
			}
		}
		return Status.FAILED;
	}

	static SagaInfo info(String saga, ProcessRecord record) {
		SagaData data = readable(record);
		List<Failure> failures = (data == UNREADABLE)
				? List.of(new Failure(null, null, IllegalStateException.class.getName(), "It cannot be read", 0))
				: data.failures();
		return new SagaInfo(saga, record.key(), status(record), data.correlationId(), data.steps(),
				data.state().toString(), data.handled().size(), data.reason(), failures, record.createdAt(),
				record.changedAt(), record.state().dueAt());
	}

	private static SagaData readable(ProcessRecord record) {
		try {
			return SagaData.read(record.state().data());
		}
		catch (IllegalStateException ex) {
			return UNREADABLE;
		}
	}

	/**
	 * What is kept of an error. Messages may quote data, so there is none where something
	 * of it is encrypted.
	 * @param event the event at which it happened, or {@code null} at a timeout
	 */
	static Failure failure(@Nullable Event<?> event, Throwable error, int attempts, SagaData data) {
		boolean secret = data.metadata().containsKey(EventEncryption.METADATA)
				|| event != null && event.metadata().containsKey(EventEncryption.METADATA);
		String message = (error.getMessage() != null && !secret) ? error.getMessage().replace('\0', ' ') : "";
		return new Failure((event != null) ? event.id() : null, (event != null) ? event.type() : null,
				error.getClass().getName(),
				(message.length() > MAX_MESSAGE) ? message.substring(0, MAX_MESSAGE) : message, attempts);
	}

}
