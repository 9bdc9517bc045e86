package dev.events.sample.mail;

import java.nio.charset.StandardCharsets;
import java.util.UUID;

import dev.events.connector.ConnectorContext;
import dev.events.connector.EventConnection;
import dev.events.connector.EventConnector;
import dev.events.connector.InvalidConfigException;
import org.jspecify.annotations.Nullable;

import org.springframework.stereotype.Component;

/**
 * A connector of our own: subscriptions of type {@code mail} tell somebody about events.
 */
@Component
class MailConnector implements EventConnector<MailConnector.Config> {

	private final MailServer server;

	MailConnector(MailServer server) {
		this.server = server;
	}

	@Override
	public String type() {
		return "mail";
	}

	@Override
	public Class<Config> configType() {
		return Config.class;
	}

	@Override
	public EventConnection connect(Config config, ConnectorContext context) {
		return (event, delivery) -> {
			// the same for every attempt, another than that of the welcome mail
			String name = context.subscription() + event.id();
			UUID message = UUID.nameUUIDFromBytes(name.getBytes(StandardCharsets.UTF_8));
			if (!this.server.hasSent(message)) {
				this.server.send(message, String.valueOf(config.to()), event.type() + " happened");
			}
		};
	}

	/**
	 * What a subscription has to say.
	 *
	 * @param to whom to tell
	 */
	record Config(@Nullable String to) {

		Config {
			InvalidConfigException.require(to != null && to.contains("@"), "to", "must be a mail address");
		}

	}

}
