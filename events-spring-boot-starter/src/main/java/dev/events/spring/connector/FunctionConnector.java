package dev.events.spring.connector;

import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.util.List;
import java.util.Objects;

import dev.events.Event;
import dev.events.EventFunction;
import dev.events.InvalidEventException;
import dev.events.InvalidSubscriptionException;
import dev.events.Subscriber;
import dev.events.connector.ConnectorContext;
import dev.events.connector.EventConnection;
import dev.events.connector.EventConnector;
import dev.events.connector.InvalidConfigException;
import dev.events.subscriber.MethodTarget;
import dev.events.subscriber.SubscriberMethods;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.ObjectReader;
import tools.jackson.databind.json.JsonMapper;

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

	private final JsonMapper mapper;

	/**
	 * Creates a connector.
	 * @param beanFactory whose beans have the methods
	 * @param methods makes subscribers of methods
	 * @param mapper reads data into what a method takes
	 */
	public FunctionConnector(ConfigurableListableBeanFactory beanFactory, SubscriberMethods methods,
			JsonMapper mapper) {
		this.beanFactory = beanFactory;
		this.methods = methods;
		this.mapper = mapper;
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
		return connection(subscriber(config));
	}

	private <T> EventConnection connection(Subscriber<T> subscriber) {
		EventFunction<T> function = subscriber.function();
		ObjectReader reader = this.mapper.readerFor(this.mapper.constructType(subscriber.dataType()))
			// as for subscribers: a newer publisher may have added fields
			.without(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES);
		return (event, delivery) -> function.handle(event.withData(this.<T>data(event, reader)), delivery);
	}

	private <T> T data(Event<JsonNode> event, ObjectReader reader) {
		try {
			T data = reader.readValue(event.data());
			return Objects.requireNonNull(data);
		}
		catch (JacksonException | NullPointerException ex) {
			// its message may quote the data
			throw new InvalidEventException("The data of event " + event.id() + " of type '" + event.type()
					+ "' cannot be read as the function takes it", ex);
		}
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
