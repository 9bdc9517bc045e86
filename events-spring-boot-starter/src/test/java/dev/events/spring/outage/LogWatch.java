package dev.events.spring.outage;

import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.AppenderBase;
import org.slf4j.LoggerFactory;

/**
 * What this library writes to the log while it is open.
 */
final class LogWatch extends AppenderBase<ILoggingEvent> implements AutoCloseable {

	// Spring Boot's base class logs every answer that is DOWN
	private static final String HEALTH = "dev.events.spring.actuate.EventsHealthIndicator";

	private final Logger logger = (Logger) LoggerFactory.getLogger("dev.events");

	private final Queue<ILoggingEvent> events = new ConcurrentLinkedQueue<>();

	LogWatch() {
		start();
		this.logger.addAppender(this);
	}

	@Override
	protected void append(ILoggingEvent event) {
		if (!event.getLoggerName().equals(HEALTH)) {
			this.events.add(event);
		}
	}

	void clear() {
		this.events.clear();
	}

	/** What operators are alarmed by. */
	List<String> warnings() {
		return lines(Level.WARN);
	}

	/** Also what tells them that it is over. */
	List<String> lines() {
		return lines(Level.INFO);
	}

	private List<String> lines(Level least) {
		return this.events.stream()
			.filter((event) -> event.getLevel().isGreaterOrEqual(least))
			.map((event) -> event.getLevel() + " " + event.getLoggerName() + ": " + event.getFormattedMessage())
			.toList();
	}

	@Override
	public void close() {
		this.logger.detachAppender(this);
		stop();
	}

}
