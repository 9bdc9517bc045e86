package dev.events.spring.connector;

import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.lang.reflect.Type;
import java.util.List;
import java.util.Objects;

import dev.events.Delivery;
import dev.events.Event;
import dev.events.InvalidSubscriptionException;
import dev.events.Subscriber;
import dev.events.connector.ConnectorContext;
import dev.events.connector.EventConnection;
import dev.events.connector.EventConnector;
import dev.events.connector.InvalidConfigException;
import dev.events.connector.TypedConnection;
import dev.events.subscriber.MethodTarget;
import dev.events.subscriber.SubscriberMethods;
import org.jspecify.annotations.Nullable;

import org.springframework.aop.framework.autoproxy.AutoProxyUtils;
import org.springframework.aop.support.AopUtils;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.core.MethodIntrospector;
import org.springframework.core.annotation.AnnotatedElementUtils;

/**
 * Connector of type {@code function}: hands events to a method of a bean that carries
 * {@link ConnectorFunction}. Thread-safe.
 */
public final class FunctionConnector implements EventConnector<FunctionConnector.Config> {

	private final ConfigurableListableBeanFactory beanFactory;

	private final SubscriberMethods methods;

	/**
	 * Creates a connector.
	 * @param beanFactory whose beans have the methods
	 * @param methods makes subscribers of methods
	 */
	public FunctionConnector(ConfigurableListableBeanFactory beanFactory, SubscriberMethods methods) {
		this.beanFactory = beanFactory;
		this.methods = methods;
	}

	@Override
	public String type() {
		return "function";
	}

	@Override
	public Class<Config> configType() {
		return Config.class;
	}

	@Override
	public void validate(Config config) {
		subscriber(config);
	}

	@Override
	public EventConnection connect(Config config, ConnectorContext context) {
		return new Call<>(subscriber(config));
	}

	private Subscriber<?> subscriber(Config config) {
		String bean = config.bean();
		InvalidConfigException.require(this.beanFactory.containsBean(bean), "bean",
				"must be the name of a bean of the application; there is none of this name");
		Class<?> type = AutoProxyUtils.determineTargetClass(this.beanFactory, bean);
		List<Method> found = (type != null) ? functions(type, config.method()) : List.of();
		InvalidConfigException.require(found.size() < 2, "method",
				"is not clear: the bean has several @ConnectorFunction methods of this name");
		// without a word about methods that must not be called
		InvalidConfigException.require(found.size() == 1 && type != null, "method",
				"must be the name of a method of the bean that carries @ConnectorFunction; there is none");
		return subscriber(bean, Objects.requireNonNull(type), found.get(0));
	}

	private Subscriber<?> subscriber(String bean, Class<?> type, Method method) {
		InvalidConfigException.require(
				!Modifier.isPrivate(method.getModifiers()) && !Modifier.isStatic(method.getModifiers()), "method",
				"is that of a private or static method, which cannot be called");
		try {
			Method invocable = AopUtils.selectInvocableMethod(method, this.beanFactory.getType(bean));
			return this.methods.function(method, type,
					MethodTarget.of(invocable, () -> this.beanFactory.getBean(bean)));
		}
		catch (InvalidSubscriptionException | IllegalStateException ex) {
			throw new InvalidConfigException("method", "cannot be called: " + ex.getMessage());
		}
	}

	private static List<Method> functions(Class<?> type, String name) {
		return MethodIntrospector
			.selectMethods(type,
					(MethodIntrospector.MetadataLookup<ConnectorFunction>) (method) -> AnnotatedElementUtils
						.findMergedAnnotation(method, ConnectorFunction.class))
			.keySet()
			.stream()
			.filter((method) -> method.getName().equals(name))
			.toList();
	}

	/**
	 * Calls a method.
	 */
	private record Call<T>(Subscriber<T> method) implements TypedConnection<T> {

		@Override
		public Type dataType() {
			return this.method.dataType();
		}

		@Override
		public void deliverTyped(Event<T> event, Delivery delivery) throws Exception {
			this.method.function().handle(event, delivery);
		}

	}

	/**
	 * Configuration of a subscription.
	 *
	 * @param bean name of the bean
	 * @param method name of its method
	 */
	public record Config(String bean, String method) {

		public Config {
			requireText(bean, "bean");
			requireText(method, "method");
		}

		private static void requireText(@Nullable String text, String field) {
			InvalidConfigException.require(text != null && !text.isBlank(), field, "is missing");
		}

	}

}
