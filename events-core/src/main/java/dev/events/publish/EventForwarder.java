package dev.events.publish;

import dev.events.Event;

/**
 * Shows each published event to somebody else on this node, in the publisher's thread,
 * after synchronous subscribers and before storage. Throwing refuses the publication.
 * What a saga or an aggregation publishes is shown when it is stored, and cannot be
 * refused.
 */
@FunctionalInterface
public interface EventForwarder {

	/** For buses that forward to nobody. */
	EventForwarder NONE = (event) -> {
	};

	/** Shows an event. */
	void forward(Event<?> event);

}
