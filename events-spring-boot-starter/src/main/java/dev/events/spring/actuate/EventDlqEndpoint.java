package dev.events.spring.actuate;

import java.util.UUID;

import dev.events.DeadLetters;
import dev.events.EventAccessDeniedException;
import dev.events.EventBus;
import dev.events.InvalidEventException;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.util.RawValue;

import org.springframework.boot.actuate.endpoint.Access;
import org.springframework.boot.actuate.endpoint.InvalidEndpointRequestException;
import org.springframework.boot.actuate.endpoint.SecurityContext;
import org.springframework.boot.actuate.endpoint.annotation.DeleteOperation;
import org.springframework.boot.actuate.endpoint.annotation.Endpoint;
import org.springframework.boot.actuate.endpoint.annotation.ReadOperation;
import org.springframework.boot.actuate.endpoint.annotation.Selector;
import org.springframework.boot.actuate.endpoint.annotation.WriteOperation;

/**
 * Shows dead letters, and lets operators retry, skip and discard them. Reading is allowed
 * by default; for the rest set {@code management.endpoint.eventdlq.access=unrestricted}.
 * Thread-safe.
 */
@Endpoint(id = "eventdlq", defaultAccess = Access.READ_ONLY)
public class EventDlqEndpoint {

	private static final String NO_JSON = """
			data is not JSON text; write {"data": "{\\"amount\\": 1}"} for an object, \
			{"data": "\\"text\\""} for a string""";

	private static final int DEFAULT_SIZE = 20;

	private static final int MAX_SIZE = 1000;

	private final EventBus bus;

	private final PayloadAccess payloads;

	/**
	 * Creates the endpoint.
	 * @param bus whose dead letters to show
	 * @param payloads to whom to show data, metadata and user of events, and messages of
	 * errors
	 */
	public EventDlqEndpoint(EventBus bus, PayloadAccess payloads) {
		this.bus = bus;
		this.payloads = payloads;
	}

	/**
	 * One page, oldest first, without payloads and stack traces.
	 * @param subscription id of a subscription, or {@code null} for all
	 * @param type event type or pattern, or {@code null} for all
	 * @param size at most so many, 1 to 1000; 20 unless given
	 * @param after {@code next} of the page before, or {@code null} for the first page
	 * @param caller who asks
	 * @throws InvalidEndpointRequestException when a parameter is not valid
	 */
	@ReadOperation
	public DeadLetterDescriptor.Page deadLetters(@Nullable String subscription, @Nullable String type,
			@Nullable Integer size, @Nullable String after, SecurityContext caller) {
		boolean show = this.payloads.isShown(caller);
		int limit = (size != null) ? size : DEFAULT_SIZE;
		Requests.require(limit >= 1 && limit <= MAX_SIZE, "size is " + limit + "; it must be from 1 to " + MAX_SIZE);
		DeadLetters.Filter filter = filter(subscription, type);
		try {
			DeadLetters.Page page = this.bus.deadLetters().list(filter, limit, after);
			return new DeadLetterDescriptor.Page(this.bus.deadLetters().count(filter),
					page.deadLetters().stream().map((letter) -> DeadLetterDescriptor.summary(letter, show)).toList(),
					page.next());
		}
		catch (IllegalArgumentException ex) {
			throw Requests.invalid(ex);
		}
	}

	/**
	 * One dead letter with its stack trace and, if these are shown, its payload.
	 * @param id its id
	 * @param caller who asks
	 * @return {@code null} when there is none with this id
	 */
	@ReadOperation
	public @Nullable DeadLetterDescriptor deadLetter(@Selector UUID id, SecurityContext caller) {
		boolean show = this.payloads.isShown(caller);
		return this.bus.deadLetters().find(id).map((letter) -> DeadLetterDescriptor.full(letter, show)).orElse(null);
	}

	/**
	 * Delivers one again.
	 * @param id its id
	 * @return {@code null} when there is none with this id
	 */
	@WriteOperation
	public @Nullable Retried retry(@Selector UUID id) {
		return this.bus.deadLetters().retry(id) ? new Retried(1, false) : null;
	}

	/**
	 * Delivers one again with other data. An operation of its own, so that a request
	 * without a body needs no content type.
	 * @param id its id
	 * @param data what to deliver instead of the stored data, as JSON text (endpoints
	 * take no nested objects), or {@code null} for the stored data
	 * @return {@code null} when there is none with this id
	 * @throws InvalidEndpointRequestException when the data is not valid, or may not be
	 * published by the caller
	 */
	@WriteOperation
	public @Nullable Retried retryEdited(@Selector UUID id, @Nullable String data) {
		if (data == null) {
			return retry(id);
		}
		try {
			JsonMapper.shared().readTree(data);
			// as it was written: a tree would turn amounts into binary fractions
			return this.bus.deadLetters().retry(id, new RawValue(data)) ? new Retried(1, true) : null;
		}
		catch (JacksonException ex) {
			throw Requests.invalid(NO_JSON, ex);
		}
		catch (InvalidEventException | EventAccessDeniedException ex) {
			throw Requests.invalid(ex);
		}
	}

	/**
	 * Delivers all again that match.
	 * @param subscription id of a subscription, or {@code null} for all
	 * @param type event type or pattern, or {@code null} for all
	 * @throws InvalidEndpointRequestException when neither is given
	 */
	@WriteOperation
	public Retried retryAll(@Nullable String subscription, @Nullable String type) {
		return new Retried(this.bus.deadLetters().retryAll(requiredFilter(subscription, type)), false);
	}

	/**
	 * Lets later events of the same key go on, but keeps the dead letter.
	 * @param id its id
	 * @param action {@code skip}
	 * @return {@code null} when there is no such dead letter or action
	 */
	@WriteOperation
	public @Nullable Skipped skip(@Selector UUID id, @Selector String action) {
		return (action.equals("skip") && this.bus.deadLetters().skip(id)) ? new Skipped(1) : null;
	}

	/**
	 * Deletes one for good.
	 * @param id its id
	 * @return {@code null} when there is none with this id
	 */
	@DeleteOperation
	public @Nullable Discarded discard(@Selector UUID id) {
		return this.bus.deadLetters().discard(id) ? new Discarded(1) : null;
	}

	/**
	 * Deletes all for good that match.
	 * @param subscription id of a subscription, or {@code null} for all
	 * @param type event type or pattern, or {@code null} for all
	 * @throws InvalidEndpointRequestException when neither is given
	 */
	@DeleteOperation
	public Discarded discardAll(@Nullable String subscription, @Nullable String type) {
		return new Discarded(this.bus.deadLetters().discardAll(requiredFilter(subscription, type)));
	}

	private static DeadLetters.Filter requiredFilter(@Nullable String subscription, @Nullable String type) {
		Requests.require(subscription != null || type != null,
				"say which dead letters: give subscription, type or both (type=** for all)");
		return filter(subscription, type);
	}

	private static DeadLetters.Filter filter(@Nullable String subscription, @Nullable String type) {
		try {
			return DeadLetters.Filter.all().subscription(subscription).type(type);
		}
		catch (InvalidEventException ex) {
			throw Requests.invalid(ex);
		}
	}

	/**
	 * Answer to a retry.
	 *
	 * @param retried how many dead letters are delivered again
	 * @param edited whether with other data
	 */
	public record Retried(int retried, boolean edited) {

	}

	/**
	 * Answer to skipping.
	 *
	 * @param skipped how many dead letters no longer hold back others
	 */
	public record Skipped(int skipped) {

	}

	/**
	 * Answer to discarding.
	 *
	 * @param discarded how many dead letters were deleted
	 */
	public record Discarded(int discarded) {

	}

}
