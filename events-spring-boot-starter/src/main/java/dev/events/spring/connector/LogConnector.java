package dev.events.spring.connector;

import dev.events.connector.ConnectorContext;
import dev.events.connector.EventConnection;
import dev.events.connector.EventConnector;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;

import com.fasterxml.jackson.annotation.JsonProperty;
import org.jspecify.annotations.Nullable;

/**
 * Connector of type {@code log}: writes a line for each event to the log, with type, id
 * and key; with the data only when the subscription says so. Thread-safe.
 */
public final class LogConnector implements EventConnector<LogConnector.Config> {

	private static final Logger logger = LoggerFactory.getLogger(LogConnector.class);

	@Override
	public String type() {
		return "log";
	}

	@Override
	public Class<Config> configType() {
		return Config.class;
	}

	@Override
	public EventConnection connect(Config config, ConnectorContext context) {
		Level level = (config.level() != null) ? Level.valueOf(config.level().name()) : Level.INFO;
		boolean payload = Boolean.TRUE.equals(config.payload());
		return (event, delivery) -> {
			String data = payload ? ": " + event.data() : "";
			logger.atLevel(level)
				.log("Subscription '{}': {} {} with key {}{}", context.subscription(), event.type(), event.id(),
						oneLine(event.key()), data);
		};
	}

	/** What looks like further lines of the log shall not be. */
	private static @Nullable String oneLine(@Nullable String key) {
		return (key != null) ? key.replaceAll("\\p{Cntrl}", " ") : null;
	}

	/**
	 * Configuration of a subscription.
	 *
	 * @param level level of the lines; {@code null} for {@code info}
	 * @param payload whether the data of events is written, too
	 */
	public record Config(@Nullable LogLevel level, @Nullable Boolean payload) {

	}

	/**
	 * Levels.
	 */
	public enum LogLevel {

		@JsonProperty("debug")
		DEBUG,

		@JsonProperty("info")
		INFO,

		@JsonProperty("warn")
		WARN

	}

}
