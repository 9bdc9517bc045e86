package dev.events;

import java.util.List;

/**
 * The aggregations: their definitions on this node, and the windows that the store has,
 * whichever nodes they were opened on. Thread-safe.
 *
 * <pre>{@code
 * events.aggregations().register(activity);
 * }</pre>
 */
public interface Aggregations {

	/**
	 * Aggregates by a definition on this node, until the subscription is closed. Its
	 * events come through the durable subscription {@link Aggregation#subscription()}.
	 * @throws InvalidSubscriptionException when there is a definition of that name on
	 * this node already, or its subscription is not durable
	 */
	Subscription register(Aggregation<?, ?> aggregation);

	/** What there is of each, by name; also of those without a definition here. */
	List<AggregationStats> stats();

}
