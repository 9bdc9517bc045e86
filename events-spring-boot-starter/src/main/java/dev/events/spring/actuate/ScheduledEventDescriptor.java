package dev.events.spring.actuate;

import java.time.Instant;
import java.util.List;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.events.ScheduledEvent;
import org.jspecify.annotations.Nullable;

/**
 * An event that waits for its time as the endpoint {@code eventschedule} shows it.
 *
 * @param dueAt when it is due
 * @param event the event, whose id serves to cancel it
 */
public record ScheduledEventDescriptor(Instant dueAt, EventDescriptor event) {

	static ScheduledEventDescriptor of(ScheduledEvent scheduled, boolean show) {
		return new ScheduledEventDescriptor(scheduled.dueAt(), EventDescriptor
			.of(scheduled.event().withData(DeadLetterDescriptor.json(scheduled.event().data())), show));
	}

	/**
	 * A page of scheduled events, earliest due first.
	 *
	 * @param total how many are waiting in all
	 * @param scheduled those of this page
	 * @param next what to give as {@code after} for the next page; {@code null} after the
	 * last one
	 */
	@JsonInclude(JsonInclude.Include.NON_NULL)
	public record Page(long total, List<ScheduledEventDescriptor> scheduled, @Nullable String next) {

	}

}
