package dev.events.jdbc;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Collection;

import org.jspecify.annotations.Nullable;

/**
 * What identifies a delivery. In this order several of them are locked.
 *
 * @param subscription id of the subscription
 * @param position position of the event
 */
record DeliveryKey(String subscription, long position) {

	static final DeliveryKey BEFORE_ALL = new DeliveryKey("", 0);

	static DeliveryKey of(ResultSet rows) throws SQLException {
		return new DeliveryKey(rows.getString("subscription_id"), rows.getLong("position"));
	}

	/** As two parameters. */
	static @Nullable Object[] arrays(Connection connection, Collection<DeliveryKey> keys) throws SQLException {
		return new @Nullable Object[] {
				connection.createArrayOf("varchar", keys.stream().map(DeliveryKey::subscription).toArray()),
				connection.createArrayOf("bigint", keys.stream().map(DeliveryKey::position).toArray()) };
	}

}
