package dev.events.spring.actuate;

import java.util.UUID;

import dev.events.EventBus;
import dev.events.ScheduledEvents;
import org.jspecify.annotations.Nullable;

import org.springframework.boot.actuate.endpoint.Access;
import org.springframework.boot.actuate.endpoint.InvalidEndpointRequestException;
import org.springframework.boot.actuate.endpoint.SecurityContext;
import org.springframework.boot.actuate.endpoint.annotation.DeleteOperation;
import org.springframework.boot.actuate.endpoint.annotation.Endpoint;
import org.springframework.boot.actuate.endpoint.annotation.ReadOperation;
import org.springframework.boot.actuate.endpoint.annotation.Selector;

/**
 * Shows events that wait for their time, and lets operators cancel them. Reading is
 * allowed by default; to cancel set
 * {@code management.endpoint.eventschedule.access=unrestricted}. Thread-safe.
 */
@Endpoint(id = "eventschedule", defaultAccess = Access.READ_ONLY)
public class EventScheduleEndpoint {

	private static final int DEFAULT_SIZE = 20;

	private static final int MAX_SIZE = 1000;

	private final EventBus bus;

	private final PayloadAccess payloads;

	/**
	 * Creates the endpoint.
	 * @param bus whose scheduled events to show
	 * @param payloads to whom to show data, metadata and user of events
	 */
	public EventScheduleEndpoint(EventBus bus, PayloadAccess payloads) {
		this.bus = bus;
		this.payloads = payloads;
	}

	/**
	 * One page, earliest due first, without payloads.
	 * @param size at most so many, 1 to 1000; 20 unless given
	 * @param after {@code next} of the page before, or {@code null} for the first page
	 * @throws InvalidEndpointRequestException when a parameter is not valid
	 */
	@ReadOperation
	public ScheduledEventDescriptor.Page scheduled(@Nullable Integer size, @Nullable String after) {
		int limit = (size != null) ? size : DEFAULT_SIZE;
		Requests.require(limit >= 1 && limit <= MAX_SIZE, "size is " + limit + "; it must be from 1 to " + MAX_SIZE);
		try {
			ScheduledEvents.Page page = this.bus.scheduled().list(limit, after);
			return new ScheduledEventDescriptor.Page(this.bus.scheduled().count(),
					page.events().stream().map((event) -> ScheduledEventDescriptor.of(event, false)).toList(),
					page.next());
		}
		catch (IllegalArgumentException ex) {
			throw Requests.invalid(ex);
		}
	}

	/**
	 * One of them with, if these are shown, its payload.
	 * @param id id of the event
	 * @param caller who asks
	 * @return {@code null} when none with this id is waiting
	 */
	@ReadOperation
	public @Nullable ScheduledEventDescriptor scheduledEvent(@Selector UUID id, SecurityContext caller) {
		boolean show = this.payloads.isShown(caller);
		return this.bus.scheduled().find(id).map((event) -> ScheduledEventDescriptor.of(event, show)).orElse(null);
	}

	/**
	 * Cancels one: it will not be delivered.
	 * @param id id of the event
	 * @return {@code null} when none with this id is waiting
	 */
	@DeleteOperation
	public @Nullable Cancelled cancel(@Selector UUID id) {
		return this.bus.scheduled().cancel(id) ? new Cancelled(1) : null;
	}

	/**
	 * Answer to cancelling.
	 *
	 * @param cancelled how many events were cancelled
	 */
	public record Cancelled(int cancelled) {

	}

}
