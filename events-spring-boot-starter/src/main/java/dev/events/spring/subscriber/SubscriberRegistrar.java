package dev.events.spring.subscriber;

import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import dev.events.EventBus;
import dev.events.InvalidSubscriptionException;
import dev.events.Subscriber;
import dev.events.Subscription;
import dev.events.spring.subscriber.AnnotatedBeans.AnnotatedMethod;
import dev.events.subscriber.MethodTarget;
import dev.events.subscriber.SubscriberMethods;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.springframework.aop.support.AopUtils;
import org.springframework.beans.factory.DisposableBean;
import org.springframework.beans.factory.SmartInitializingSingleton;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;

/**
 * Registers the {@link dev.events.EventSubscriber} methods of one application context
 * with the bus when all its singletons are there, which is before the bus starts, and
 * takes them back when the context is closed. Beans are asked for at every call, so
 * scopes and proxies work as everywhere.
 */
public final class SubscriberRegistrar implements SmartInitializingSingleton, DisposableBean {

	private static final Logger logger = LoggerFactory.getLogger(SubscriberRegistrar.class);

	private final ConfigurableListableBeanFactory beanFactory;

	private final EventBus bus;

	private final SubscriberMethods methods;

	private final SubscriberOverrides overrides;

	private final Deque<Subscription> subscriptions = new ArrayDeque<>();

	/**
	 * Creates a registrar.
	 * @param beanFactory whose beans to look at; not those of its parents
	 * @param bus where to register
	 * @param methods makes subscribers of methods
	 * @param overrides what the configuration says about subscribers
	 */
	public SubscriberRegistrar(ConfigurableListableBeanFactory beanFactory, EventBus bus, SubscriberMethods methods,
			SubscriberOverrides overrides) {
		this.beanFactory = beanFactory;
		this.bus = bus;
		this.methods = methods;
		this.overrides = overrides;
	}

	/**
	 * Finds and registers all subscribers.
	 * @throws InvalidSubscriptionException when one cannot be registered as it is
	 */
	@Override
	public void afterSingletonsInstantiated() {
		Map<String, Candidate> candidates = new LinkedHashMap<>();
		for (AnnotatedMethod annotated : new AnnotatedBeans(this.beanFactory).methods()) {
			Candidate candidate = new Candidate(annotated, subscriber(annotated));
			String id = String.valueOf(candidate.subscriber.id());
			Candidate other = candidates.putIfAbsent(id, candidate);
			if (other != null) {
				throw new InvalidSubscriptionException("Two subscribers have the id '" + id + "': " + other.method
						+ " and " + candidate.method + "; give one of them another: @EventSubscriber(id = \"...\")");
			}
		}
		List<Candidate> chosen = new ArrayList<>();
		candidates.forEach((id, candidate) -> this.overrides.apply(candidate.subscriber)
			.ifPresent((subscriber) -> chosen.add(new Candidate(candidate.method, subscriber))));
		this.overrides.warnOfUnknown(candidates.keySet());
		chosen.forEach(this::register);
		logger.debug("Registered {} annotated subscribers", chosen.size());
	}

	private Subscriber<?> subscriber(AnnotatedMethod annotated) {
		if (annotated.annotation().transactional() && TransactionPropagation.leavesTransaction(annotated.method())) {
			throw new InvalidSubscriptionException("@EventSubscriber method " + annotated
					+ ": it is transactional, but its @Transactional leaves that transaction, so its effects would not "
					+ "happen exactly once; leave out the propagation, or transactional = true");
		}
		String beanName = annotated.beanName();
		MethodTarget target = MethodTarget.of(invocable(annotated), () -> this.beanFactory.getBean(beanName));
		return this.methods.subscriber(annotated.method(), annotated.beanType(), annotated.annotation(),
				beanName + "." + annotated.method().getName(), target);
	}

	private Method invocable(AnnotatedMethod annotated) {
		if (Modifier.isPrivate(annotated.method().getModifiers())) {
			return annotated.method(); // refused later, with a better message
		}
		try {
			return AopUtils.selectInvocableMethod(annotated.method(), this.beanFactory.getType(annotated.beanName()));
		}
		catch (IllegalStateException ex) {
			throw new InvalidSubscriptionException("@EventSubscriber method " + annotated
					+ " cannot be called through the bean's proxy: declare it in an interface of the bean, or proxy "
					+ "the class (proxyTargetClass = true)", ex);
		}
	}

	private void register(Candidate candidate) {
		try {
			this.subscriptions.push(this.bus.subscribe(candidate.subscriber));
		}
		catch (InvalidSubscriptionException ex) {
			throw new InvalidSubscriptionException(
					"@EventSubscriber method " + candidate.method + ": " + ex.getMessage(), ex);
		}
	}

	/** Ends delivery to the subscribers of this context. */
	@Override
	public void destroy() {
		while (!this.subscriptions.isEmpty()) {
			this.subscriptions.pop().close();
		}
	}

	private record Candidate(AnnotatedMethod method, Subscriber<?> subscriber) {

	}

}
