package dev.events.spring.actuate;

import java.util.List;

import dev.events.EventBus;
import dev.events.InvalidEventException;
import org.jspecify.annotations.Nullable;

import org.springframework.boot.actuate.endpoint.InvalidEndpointRequestException;
import org.springframework.boot.actuate.endpoint.SecurityContext;
import org.springframework.boot.actuate.endpoint.annotation.Endpoint;
import org.springframework.boot.actuate.endpoint.annotation.ReadOperation;
import org.springframework.boot.actuate.endpoint.annotation.Selector;

/**
 * Shows what the bus has done since this node started, the state of subscriptions and
 * nodes, and the newest events of a type. Thread-safe.
 */
@Endpoint(id = "events")
public class EventsEndpoint {

	private static final int DEFAULT_LIMIT = 20;

	private static final int MAX_LIMIT = 1000;

	private final EventBus bus;

	private final PayloadAccess payloads;

	/**
	 * Creates the endpoint.
	 * @param bus whose events to show
	 * @param payloads to whom to show data, metadata and user of events
	 */
	public EventsEndpoint(EventBus bus, PayloadAccess payloads) {
		this.bus = bus;
		this.payloads = payloads;
	}

	/** Counts and states. */
	@ReadOperation
	public EventsDescriptor events() {
		return EventsDescriptor.of(this.bus.stats());
	}

	/**
	 * The newest events of a type, newest first.
	 * @param type an event type or pattern
	 * @param limit at most so many, 1 to 1000; 20 unless given
	 * @param caller who asks
	 * @throws InvalidEndpointRequestException when the type is not valid or the limit out
	 * of range
	 */
	@ReadOperation
	public HistoryDescriptor history(@Selector String type, @Nullable Integer limit, SecurityContext caller) {
		boolean show = this.payloads.isShown(caller);
		int size = (limit != null) ? limit : DEFAULT_LIMIT;
		Requests.require(size >= 1 && size <= MAX_LIMIT, "limit is " + size + "; it must be from 1 to " + MAX_LIMIT);
		try {
			return new HistoryDescriptor(type,
					this.bus.history(type, size).stream().map((event) -> EventDescriptor.of(event, show)).toList());
		}
		catch (InvalidEventException ex) {
			throw Requests.invalid(ex);
		}
	}

	/**
	 * Newest events of a type.
	 *
	 * @param type the type or pattern asked for
	 * @param events the events, newest first
	 */
	public record HistoryDescriptor(String type, List<EventDescriptor> events) {

	}

}
