package dev.events.spring.saga;

import java.util.ArrayDeque;
import java.util.Deque;

import dev.events.EventBus;
import dev.events.Saga;
import dev.events.Subscription;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.springframework.beans.factory.DisposableBean;
import org.springframework.beans.factory.ListableBeanFactory;
import org.springframework.beans.factory.SmartInitializingSingleton;

/**
 * Registers the {@link Saga} beans of one application context with the bus when all its
 * singletons are there, which is before the bus starts, and takes them back when the
 * context is closed.
 */
public final class SagaRegistrar implements SmartInitializingSingleton, DisposableBean {

	private static final Logger logger = LoggerFactory.getLogger(SagaRegistrar.class);

	private final ListableBeanFactory beanFactory;

	private final EventBus bus;

	private final Deque<Subscription> subscriptions = new ArrayDeque<>();

	/**
	 * Creates a registrar.
	 * @param beanFactory whose beans to look at; not those of its parents
	 * @param bus where to register
	 */
	public SagaRegistrar(ListableBeanFactory beanFactory, EventBus bus) {
		this.beanFactory = beanFactory;
		this.bus = bus;
	}

	/**
	 * Registers all sagas.
	 * @throws dev.events.InvalidSubscriptionException when two have the same name
	 */
	@Override
	public void afterSingletonsInstantiated() {
		this.beanFactory.getBeansOfType(Saga.class)
			.values()
			.forEach((saga) -> this.subscriptions.push(this.bus.sagas().register(saga)));
		logger.debug("Registered {} sagas", this.subscriptions.size());
	}

	/** Ends the sagas of this context on this node. */
	@Override
	public void destroy() {
		while (!this.subscriptions.isEmpty()) {
			this.subscriptions.pop().close();
		}
	}

}
