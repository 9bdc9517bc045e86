package dev.events.connector;

import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;

import dev.events.Delivery;
import dev.events.Event;
import dev.events.EventBatchHandler;
import dev.events.InvalidEventException;
import dev.events.InvalidSubscriptionException;
import dev.events.RetryPolicy;
import dev.events.StartPosition;
import dev.events.Subscriber;
import dev.events.SubscriptionDefinition;
import dev.events.store.SubscriptionRecord;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * The connectors of this node, by type. Immutable.
 */
public final class Connectors {

	private static final Pattern TYPE = Pattern.compile("[a-z0-9-]{1,50}");

	private final Map<String, EventConnector<?>> byType = new TreeMap<>();

	private final RetryPolicy retry;

	/**
	 * Collects connectors.
	 * @param retry policy of subscriptions that have none of their own
	 * @throws IllegalArgumentException when two have the same type, or one a type that is
	 * not possible
	 */
	public Connectors(Collection<? extends EventConnector<?>> connectors, RetryPolicy retry) {
		this.retry = retry;
		for (EventConnector<?> connector : connectors) {
			String type = connector.type();
			if (!TYPE.matcher(type).matches() || type.equals(SubscriptionRecord.HANDLER)) {
				throw new IllegalArgumentException("'" + type + "', the type of " + connector.getClass().getName()
						+ ", is not possible: use 1 to 50 lower-case letters, digits and -, and not handler");
			}
			EventConnector<?> other = this.byType.putIfAbsent(type, connector);
			if (other != null) {
				throw new IllegalArgumentException("Both " + other.getClass().getName() + " and "
						+ connector.getClass().getName() + " are connectors of type '" + type + "'");
			}
		}
	}

	/**
	 * Checks a subscription.
	 * @return where it begins
	 * @throws InvalidSubscriptionException when it cannot be served
	 */
	public StartPosition check(SubscriptionRecord subscription) {
		Connectable<?> connectable = connectable(subscription);
		connectable.subscriber(this.retry, (event, delivery) -> {
		});
		return connectable.options.start();
	}

	/**
	 * Names of the fields of a configuration that must not be shown.
	 */
	public Set<String> secretFields(String type) {
		EventConnector<?> connector = this.byType.get(type);
		return (connector != null) ? connector.secretFields() : Set.of();
	}

	/** What may be shown of a text in a configuration. */
	public String shown(String type, String field, String value) {
		EventConnector<?> connector = this.byType.get(type);
		return (connector != null) ? connector.shown(field, value) : value;
	}

	/** Whether there is a connector of this type, without which nothing may be shown. */
	public boolean has(String type) {
		return this.byType.containsKey(type);
	}

	/**
	 * Begins to serve a subscription.
	 * @throws InvalidSubscriptionException when that is not possible
	 */
	Connected connect(SubscriptionRecord subscription, ConnectorContext context) {
		return connectable(subscription).connect(this.retry, context);
	}

	private Connectable<?> connectable(SubscriptionRecord subscription) {
		EventConnector<?> connector = this.byType.get(subscription.subscriberType());
		if (connector == null) {
			throw new InvalidSubscriptionException(
					name(subscription.id()) + " has the type '" + subscription.subscriberType()
							+ "', for which this node has no connector; it has " + this.byType.keySet());
		}
		if (!subscription.hasPossiblePartitions()) {
			throw new InvalidSubscriptionException(name(subscription.id()) + " has " + subscription.partitions()
					+ " partitions; there must be from 1 to " + SubscriptionRecord.MAX_PARTITIONS);
		}
		try {
			return connectable(connector, subscription);
		}
		catch (InvalidConfigException ex) {
			throw new InvalidSubscriptionException(name(subscription.id()) + " is not valid: config"
					+ (ex.field().isEmpty() ? " " : ".") + ex.getMessage(), ex);
		}
	}

	private static String name(String id) {
		return id.isEmpty() ? "The subscription" : "Subscription '" + id + "'";
	}

	private static <C> Connectable<C> connectable(EventConnector<C> connector, SubscriptionRecord subscription) {
		ObjectNode json = ConfigReader.object(subscription.config());
		JsonNode delivery = json.remove(SubscriptionDefinition.DELIVERY);
		DeliveryOptions options = (delivery != null)
				? ConfigReader.read(delivery, DeliveryOptions.class, SubscriptionDefinition.DELIVERY + ".")
				: DeliveryOptions.NONE;
		C config = ConfigReader.read(json, connector.configType(), "");
		options.batchSize(connector.batchSize());
		connector.validate(config);
		return new Connectable<>(connector, config, options, subscription);
	}

	/**
	 * A subscription with what is to serve it.
	 */
	private record Connectable<C>(EventConnector<C> connector, C config, DeliveryOptions options,
			SubscriptionRecord subscription) {

		Subscriber<?> subscriber(RetryPolicy defaultRetry, EventConnection connection) {
			List<String> patterns = this.subscription.patterns();
			try {
				Subscriber.Builder<JsonNode> builder = Subscriber.to(patterns.toArray(String[]::new))
					.as(JsonNode.class)
					.id(this.subscription.id());
				if (this.subscription.organization() != null) {
					builder.organization(this.subscription.organization());
				}
				this.options.apply(builder, this.connector.retry(defaultRetry));
				return complete(builder, connection);
			}
			catch (InvalidSubscriptionException | InvalidEventException | IllegalArgumentException ex) {
				throw new InvalidSubscriptionException(
						name(this.subscription.id()) + " is not valid: " + ex.getMessage(), ex);
			}
		}

		private Subscriber<?> complete(Subscriber.Builder<JsonNode> builder, EventConnection connection) {
			if (connection instanceof TypedConnection<?> typed) {
				return complete(builder, typed);
			}
			int batchSize = this.options.batchSize(this.connector.batchSize());
			if (this.connector.batchSize() > 1) {
				return builder.batch(batchSize).batchHandler(new Batches(connection));
			}
			return builder.function((event, delivery) -> {
				connection.deliver(event, delivery);
				return null;
			});
		}

		private static <T> Subscriber<T> complete(Subscriber.Builder<JsonNode> builder, TypedConnection<T> connection) {
			return builder.<T>as(connection.dataType()).function((event, delivery) -> {
				connection.deliverTyped(event, delivery);
				return null;
			});
		}

		Connected connect(RetryPolicy defaultRetry, ConnectorContext context) {
			// before there is a connection that would have to be closed
			subscriber(defaultRetry, (event, delivery) -> {
			});
			EventConnection connection = this.connector.connect(this.config, context);
			return new Connected(connection, subscriber(defaultRetry, connection));
		}

	}

	/**
	 * Hands a connection several events at once.
	 */
	private record Batches(EventConnection connection) implements EventBatchHandler<JsonNode> {

		@Override
		public void handle(List<Event<JsonNode>> events) {
			throw new IllegalStateException("Events are handed over with how they come");
		}

		@Override
		public void handle(List<Event<JsonNode>> events, Delivery delivery) throws Exception {
			this.connection.deliverAll(events, delivery);
		}

	}

	/**
	 * A subscription that can be served.
	 *
	 * @param connection takes its events
	 * @param subscriber hands them to it
	 */
	record Connected(EventConnection connection, Subscriber<?> subscriber) {

		/** Ends the connection. */
		@Nullable Throwable close() {
			try {
				this.connection.close();
				return null;
			}
			catch (Throwable ex) {
				return ex;
			}
		}

	}

}
