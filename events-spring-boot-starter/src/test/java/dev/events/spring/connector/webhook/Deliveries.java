package dev.events.spring.connector.webhook;

import java.math.BigDecimal;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;

import dev.events.Cancellation;
import dev.events.Delivery;
import dev.events.Event;
import dev.events.connector.ConnectorContext;
import dev.events.connector.EventConnection;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.DecimalNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Delivers to a connection without a bus.
 */
final class Deliveries implements ConnectorContext, Delivery {

	final List<String> suspensions = new CopyOnWriteArrayList<>();

	final EventConnection connection;

	Deliveries(WebhookConnector connector, WebhookConfig config) {
		this.connection = connector.connect(config, this);
	}

	Event<JsonNode> deliver() throws Exception {
		ObjectNode data = JsonMapper.shared().createObjectNode();
		data.set("amount", DecimalNode.valueOf(new BigDecimal("12.50")));
		data.putArray("ü").add(1);
		Event<JsonNode> event = Event.<JsonNode>of("order.placed", data)
			.withKey("key-1")
			.withSource("web shop")
			.withOrganization("acme")
			.withUser("secret-user")
			.withMetadata(Map.of("secret", "secret-metadata"));
		this.connection.deliver(event, this);
		return event;
	}

	@Override
	public String subscription() {
		return "shop-orders";
	}

	@Override
	public List<String> patterns() {
		return List.of("order.*");
	}

	@Override
	public @Nullable String organization() {
		return null;
	}

	@Override
	public void suspend(String reason) {
		this.suspensions.add(reason);
	}

	@Override
	public int attempt() {
		return 1;
	}

	@Override
	public Cancellation cancellation() {
		throw new IllegalStateException();
	}

}
