package dev.events.jdbc;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

import dev.events.store.Lease;
import dev.events.store.OpenDelivery;
import org.jspecify.annotations.Nullable;

/**
 * Whether a delivery is open: the row of its cursor has its lease, and either has not
 * come to its position, or the delivery is stored.
 */
final class OpenDeliverySql {

	private final String fromLog;

	private final String stored;

	OpenDeliverySql(Tables tables) {
		String cursor = "from " + tables.cursors()
				+ " c where c.subscription_id = ? and c.partition_no = ? and c.epoch = ? and c.owner = ? and ";
		this.fromLog = cursor + "c.position < ?";
		this.stored = cursor + "exists (select 1 from " + tables.deliveries()
				+ " d where d.subscription_id = c.subscription_id and d.position = ?)";
	}

	/** For the end of a condition; with {@link #parameters}. */
	String and(OpenDelivery delivery) {
		return " and exists (select 1 " + from(delivery) + ")";
	}

	boolean isOpen(Connection connection, OpenDelivery delivery) throws SQLException {
		return Sql.queryLong(connection, "select count(*) " + from(delivery), parameters(delivery).toArray()) > 0;
	}

	private String from(OpenDelivery delivery) {
		return delivery.stored() ? this.stored : this.fromLog;
	}

	List<@Nullable Object> parameters(OpenDelivery delivery) {
		Lease lease = delivery.lease();
		return new ArrayList<>(List.of(lease.partition().subscription(), lease.partition().partition(), lease.epoch(),
				lease.node(), delivery.position()));
	}

}
