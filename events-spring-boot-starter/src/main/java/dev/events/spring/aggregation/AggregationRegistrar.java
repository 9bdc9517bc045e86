package dev.events.spring.aggregation;

import java.util.ArrayDeque;
import java.util.Deque;

import dev.events.Aggregation;
import dev.events.EventBus;
import dev.events.Subscription;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.springframework.beans.factory.DisposableBean;
import org.springframework.beans.factory.ListableBeanFactory;
import org.springframework.beans.factory.SmartInitializingSingleton;

/**
 * Registers the {@link Aggregation} beans of one application context with the bus when
 * all its singletons are there, which is before the bus starts, and takes them back when
 * the context is closed.
 */
public final class AggregationRegistrar implements SmartInitializingSingleton, DisposableBean {

	private static final Logger logger = LoggerFactory.getLogger(AggregationRegistrar.class);

	private final ListableBeanFactory beanFactory;

	private final EventBus bus;

	private final Deque<Subscription> subscriptions = new ArrayDeque<>();

	/**
	 * Creates a registrar.
	 * @param beanFactory whose beans to look at; not those of its parents
	 * @param bus where to register
	 */
	public AggregationRegistrar(ListableBeanFactory beanFactory, EventBus bus) {
		this.beanFactory = beanFactory;
		this.bus = bus;
	}

	/**
	 * Registers all aggregations.
	 * @throws dev.events.InvalidSubscriptionException when two have the same name
	 */
	@Override
	public void afterSingletonsInstantiated() {
		this.beanFactory.getBeansOfType(Aggregation.class)
			.values()
			.forEach((aggregation) -> this.subscriptions.push(this.bus.aggregations().register(aggregation)));
		logger.debug("Registered {} aggregations", this.subscriptions.size());
	}

	/** Ends the aggregations of this context on this node. */
	@Override
	public void destroy() {
		while (!this.subscriptions.isEmpty()) {
			this.subscriptions.pop().close();
		}
	}

}
