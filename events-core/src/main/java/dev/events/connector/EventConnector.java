package dev.events.connector;

import java.util.Set;

import dev.events.RetryPolicy;

/**
 * Takes events of stored subscriptions somewhere. As a bean it makes subscriptions of its
 * type possible, with the order, retries, dead letters, replays and metrics of any other
 * subscriber. Must be thread-safe.
 *
 * <pre>{@code
 * &#64;Component
 * class SmsConnector implements EventConnector<SmsConnector.Config> {
 *
 *     record Config(String number) {
 *         Config {
 *             InvalidConfigException.require(number != null && number.startsWith("+"), "number",
 *                     "must be a telephone number such as +49…");
 *         }
 *     }
 *
 *     public String type() {
 *         return "sms";
 *     }
 *
 *     public Class<Config> configType() {
 *         return Config.class;
 *     }
 *
 *     public EventConnection connect(Config config, ConnectorContext context) {
 *         return (event, delivery) -> this.gateway.send(config.number(), event.type());
 *     }
 *
 * }
 * }</pre>
 *
 * @param <C> what a subscription has to say about itself; read from JSON, where unknown
 * fields are refused
 */
public interface EventConnector<C> {

	/**
	 * Subscriptions of this type are its own: 1 to 50 lower-case letters, digits and
	 * {@code -}.
	 */
	String type();

	/** Class of the configuration, best a record. */
	Class<C> configType();

	/**
	 * Says what is wrong with a configuration that could be read. Called before a
	 * subscription is stored, so it should not take long; by default nothing is wrong.
	 * @throws InvalidConfigException when it cannot be used; nothing is stored then
	 */
	default void validate(C config) {
	}

	/**
	 * Begins to serve a subscription on this node. Called again for every change of its
	 * configuration, after the connection before was closed.
	 * @param config valid configuration
	 * @param context the subscription
	 * @throws InvalidConfigException when the configuration cannot be used after all; the
	 * subscription is shown as broken
	 */
	EventConnection connect(C config, ConnectorContext context);

	/**
	 * Most events that a connection takes at once, unless the subscription's
	 * configuration says {@code delivery.batchSize}; by default 1, one at a time. With
	 * more, {@link EventConnection#deliverAll} is called.
	 */
	default int batchSize() {
		return 1;
	}

	/**
	 * When failed events of subscriptions of this type are tried again, unless a
	 * subscription's configuration says so; by default as those of any subscriber. For
	 * receivers whose outages are no reason to give events up.
	 * @param defaults the policy of the bus
	 */
	default RetryPolicy retry(RetryPolicy defaults) {
		return defaults;
	}

	/**
	 * Names of fields of the configuration, at whatever depth, that endpoints must not
	 * show.
	 */
	default Set<String> secretFields() {
		return Set.of();
	}

}
