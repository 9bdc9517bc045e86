package dev.events.spring.actuate;

import java.util.Arrays;
import java.util.Locale;

import dev.events.EventBus;
import dev.events.EventException;
import dev.events.EventStoreException;
import dev.events.SagaInfo;
import dev.events.Sagas;
import org.jspecify.annotations.Nullable;

import org.springframework.boot.actuate.endpoint.Access;
import org.springframework.boot.actuate.endpoint.InvalidEndpointRequestException;
import org.springframework.boot.actuate.endpoint.SecurityContext;
import org.springframework.boot.actuate.endpoint.annotation.Endpoint;
import org.springframework.boot.actuate.endpoint.annotation.ReadOperation;
import org.springframework.boot.actuate.endpoint.annotation.Selector;
import org.springframework.boot.actuate.endpoint.annotation.WriteOperation;

/**
 * Shows sagas, and lets operators retry those that have failed and compensate those that
 * have not ended. Reading is allowed by default; for the rest set
 * {@code management.endpoint.eventsagas.access=unrestricted}. Thread-safe.
 */
@Endpoint(id = "eventsagas", defaultAccess = Access.READ_ONLY)
public class EventSagasEndpoint {

	private static final int DEFAULT_SIZE = 20;

	private static final int MAX_SIZE = 1000;

	private final EventBus bus;

	private final PayloadAccess payloads;

	/**
	 * Creates the endpoint.
	 * @param bus whose sagas to show
	 * @param payloads to whom to show states, reasons and messages of errors
	 */
	public EventSagasEndpoint(EventBus bus, PayloadAccess payloads) {
		this.bus = bus;
		this.payloads = payloads;
	}

	/** What there is of each kind. */
	@ReadOperation
	public SagaDescriptor.Kinds kinds() {
		return new SagaDescriptor.Kinds(this.bus.sagas().stats());
	}

	/**
	 * One page of the sagas of a kind, without their states.
	 * @param saga name of the definition
	 * @param status only those with this status, or {@code null} for all
	 * @param size at most so many, 1 to 1000; 20 unless given
	 * @param after {@code next} of the page before, or {@code null} for the first page
	 * @throws InvalidEndpointRequestException when a parameter is not valid
	 */
	@ReadOperation
	public SagaDescriptor.Page sagas(@Selector String saga, @Nullable String status, @Nullable Integer size,
			@Nullable String after) {
		int limit = (size != null) ? size : DEFAULT_SIZE;
		Requests.require(limit >= 1 && limit <= MAX_SIZE, "size is " + limit + "; it must be from 1 to " + MAX_SIZE);
		Sagas.Page page = this.bus.sagas().list(saga, (status != null) ? status(status) : null, limit, after);
		return new SagaDescriptor.Page(page.sagas().stream().map(SagaDescriptor::summary).toList(), page.next());
	}

	private static SagaInfo.Status status(String name) {
		try {
			return SagaInfo.Status.valueOf(name.toUpperCase(Locale.ROOT));
		}
		catch (IllegalArgumentException ex) {
			throw Requests.invalid("status is '" + name + "'; it must be one of "
					+ Arrays.toString(SagaInfo.Status.values()).toLowerCase(Locale.ROOT), ex);
		}
	}

	/**
	 * One saga with, if these are shown, its state.
	 * @param saga name of the definition
	 * @param key its key
	 * @param caller who asks
	 * @return {@code null} when there is none
	 */
	@ReadOperation
	public @Nullable SagaDescriptor saga(@Selector String saga, @Selector String key, SecurityContext caller) {
		boolean show = this.payloads.isShown(caller);
		return this.bus.sagas().find(saga, key).map((info) -> SagaDescriptor.of(info, show)).orElse(null);
	}

	/**
	 * Changes a saga.
	 * @param saga name of the definition
	 * @param key its key
	 * @param action {@code retry}, of all that has failed
	 * @return {@code null} when there is no such saga or action
	 */
	@WriteOperation
	public @Nullable Changed change(@Selector String saga, @Selector String key, @Selector String action) {
		return changeWith(saga, key, action, null, null);
	}

	/**
	 * Changes a saga. An operation of its own, so that a request without a body needs no
	 * content type.
	 * @param saga name of the definition
	 * @param key its key
	 * @param action {@code retry} or {@code compensate}
	 * @param event id of the event at which to retry, or {@code null} for all that has
	 * failed
	 * @param reason why to compensate it, which has to be said
	 * @return {@code null} when there is no such saga or action
	 * @throws InvalidEndpointRequestException when a parameter is not valid, or the saga
	 * could not be compensated here; nothing was changed then
	 */
	@WriteOperation
	public @Nullable Changed changeWith(@Selector String saga, @Selector String key, @Selector String action,
			@Nullable String event, @Nullable String reason) {
		if (this.bus.sagas().find(saga, key).isEmpty()) {
			return null;
		}
		return switch (action) {
			case "retry" -> new Changed(retry(saga, key, event, reason));
			case "compensate" -> new Changed(compensate(saga, key, event, reason));
			default -> null;
		};
	}

	private boolean retry(String saga, String key, @Nullable String event, @Nullable String reason) {
		Requests.require(reason == null, "reason is for compensate");
		if (event == null) {
			return this.bus.sagas().retry(saga, key);
		}
		return this.bus.sagas()
			.retry(saga, key, WebResponses.id(event, "an event; the saga shows at which events it has failed"));
	}

	private boolean compensate(String saga, String key, @Nullable String event, @Nullable String reason) {
		Requests.require(event == null, "event is for retry");
		if (reason == null || reason.isBlank()) {
			throw Requests.invalid(new IllegalArgumentException("reason is missing; write {\"reason\": \"…\"}"));
		}
		try {
			return this.bus.sagas().compensate(saga, key, reason);
		}
		catch (EventStoreException ex) {
			throw ex;
		}
		catch (EventException | IllegalStateException ex) {
			throw Requests.invalid(ex);
		}
	}

	/**
	 * Answer to a change.
	 *
	 * @param changed whether the saga was in a state in which this was possible
	 */
	public record Changed(boolean changed) {

	}

}
