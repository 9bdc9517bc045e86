package dev.events.spring.actuate;

import java.util.List;
import java.util.function.BooleanSupplier;

import dev.events.EventBus;
import dev.events.EventStats;
import dev.events.SubscriptionInfo;
import dev.events.SubscriptionInfo.State;

import org.springframework.boot.health.contributor.AbstractHealthIndicator;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.Status;

/**
 * Healthy while the store answers and delivery runs. Lag, dead letters and subscriptions
 * that stand still are details: restarting the node would not help with them.
 */
public final class EventsHealthIndicator extends AbstractHealthIndicator {

	private final EventBus bus;

	private final BooleanSupplier running;

	/**
	 * Creates an indicator.
	 * @param bus whose health it is
	 * @param running whether delivery runs
	 */
	public EventsHealthIndicator(EventBus bus, BooleanSupplier running) {
		super("The event store does not answer");
		this.bus = bus;
		this.running = running;
	}

	@Override
	protected void doHealthCheck(Health.Builder builder) {
		EventStats stats = this.bus.stats();
		boolean isRunning = this.running.getAsBoolean();
		// a node that the others cannot see gets nothing to deliver
		boolean isSeen = stats.nodes().stream().anyMatch(EventStats.Node::self);
		builder.status((isRunning && isSeen) ? Status.UP : Status.DOWN)
			.withDetail("store", stats.store())
			.withDetail("running", isRunning)
			.withDetail("seen", isSeen)
			.withDetail("lag", stats.subscriptions().stream().mapToLong(SubscriptionInfo::lag).max().orElse(0))
			.withDetail("deadLetters", stats.deadLetters());
		addDetail(builder, "blocked", stats, State.BLOCKED);
		addDetail(builder, "abandoned", stats, State.ABANDONED);
	}

	private static void addDetail(Health.Builder builder, String name, EventStats stats, State state) {
		List<String> ids = stats.subscriptions()
			.stream()
			.filter((subscription) -> subscription.state() == state)
			.map(SubscriptionInfo::id)
			.toList();
		if (!ids.isEmpty()) {
			builder.withDetail(name, ids);
		}
	}

}
