package dev.events.spring.actuate;

import java.util.List;

import dev.events.AggregationStats;
import dev.events.EventBus;

import org.springframework.boot.actuate.endpoint.Access;
import org.springframework.boot.actuate.endpoint.annotation.Endpoint;
import org.springframework.boot.actuate.endpoint.annotation.ReadOperation;

/**
 * Shows aggregations and how many windows they have. Thread-safe.
 */
@Endpoint(id = "eventaggregations", defaultAccess = Access.READ_ONLY)
public class EventAggregationsEndpoint {

	private final EventBus bus;

	/** Creates the endpoint for the aggregations of a bus. */
	public EventAggregationsEndpoint(EventBus bus) {
		this.bus = bus;
	}

	/** What there is of each. */
	@ReadOperation
	public Aggregations aggregations() {
		return new Aggregations(this.bus.aggregations().stats());
	}

	/**
	 * The answer.
	 *
	 * @param aggregations by name
	 */
	public record Aggregations(List<AggregationStats> aggregations) {

	}

}
