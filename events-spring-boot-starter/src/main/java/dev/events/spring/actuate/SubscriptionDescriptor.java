package dev.events.spring.actuate;

import java.util.List;
import java.util.Map;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.events.SubscriptionDefinition;
import dev.events.SubscriptionInfo;
import org.jspecify.annotations.Nullable;

/**
 * A subscription as the endpoint {@code eventsubscriptions} shows it.
 *
 * @param id unique id
 * @param patterns event types and patterns
 * @param type {@code handler} when the subscriber is in the code, else the type of its
 * connector
 * @param state what it is doing
 * @param note why it is paused or broken; {@code null} without a reason
 * @param createdFrom who created it
 * @param organization organization it is limited to; {@code null} for all events
 * @param partitions number of partitions
 * @param lag how many log positions the slowest partition is behind
 * @param parked deliveries that wait for their next attempt, or behind one that does
 * @param deadLetters deliveries that were given up
 * @param delivered deliveries that succeeded on this node since it started
 * @param failed attempts that failed on this node since it started
 * @param owners which node serves which partitions
 * @param config its configuration with {@code ******} in place of secrets; {@code null}
 * in lists
 * @param connection what its connection on this node tells about itself; {@code null} in
 * lists, and when it tells nothing
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record SubscriptionDescriptor(String id, List<String> patterns, String type, SubscriptionInfo.State state,
		@Nullable String note, String createdFrom, @Nullable String organization, int partitions, long lag, long parked,
		long deadLetters, long delivered, long failed, Map<String, List<Integer>> owners,
		@Nullable Map<String, Object> config, @Nullable Map<String, Object> connection) {

	static SubscriptionDescriptor of(SubscriptionInfo info) {
		return new SubscriptionDescriptor(info.id(), info.patterns(), info.type(), info.state(), info.note(),
				info.createdFrom(), info.organization(), info.partitions(), info.lag(), info.parked(),
				info.deadLetters(), info.delivered(), info.failed(), info.owners(), null, null);
	}

	SubscriptionDescriptor with(SubscriptionDefinition definition, Map<String, Object> details) {
		return new SubscriptionDescriptor(this.id, this.patterns, this.type, this.state, this.note, this.createdFrom,
				this.organization, this.partitions, this.lag, this.parked, this.deadLetters, this.delivered,
				this.failed, this.owners, definition.config(), details.isEmpty() ? null : details);
	}

	/**
	 * All durable subscriptions.
	 *
	 * @param subscriptions the subscriptions, by id
	 */
	public record All(List<SubscriptionDescriptor> subscriptions) {

	}

}
