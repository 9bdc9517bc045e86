package dev.events.jdbc;

import java.util.OptionalInt;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;

import dev.events.jdbc.PostgresWakeups.Notification;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.util.ClassUtils;

/**
 * Starts listeners, where there is all that they need; says once whether it is so.
 */
final class NotifyListeners {

	private static final Logger logger = LoggerFactory.getLogger(NotifyListeners.class);

	// one for us, one for publishers, one for what they have to ask beside it
	private static final int SMALLEST_POOL = 3;

	private final Database database;

	private final Tables tables;

	private final AtomicBoolean said = new AtomicBoolean();

	NotifyListeners(Database database, Tables tables) {
		this.database = database;
		this.tables = tables;
	}

	/** A listener that has started, or {@code null} where it cannot be. */
	@Nullable NotifyListener start(Consumer<Notification> onHeard) {
		String obstacle = obstacle();
		if (obstacle != null) {
			say("What other nodes publish is found by polling only, because " + obstacle);
			return null;
		}
		say("There are other nodes: listening to them takes one connection of the pool for as long as there are");
		NotifyListener listener = new NotifyListener(this.database, this.tables, onHeard);
		listener.start();
		return listener;
	}

	private @Nullable String obstacle() {
		OptionalInt size = PoolSize.of(this.database.dataSource());
		if (size.isPresent() && size.getAsInt() < SMALLEST_POOL) {
			return "listening would take one connection of a pool that has only " + size.getAsInt();
		}
		if (!ClassUtils.isPresent("org.postgresql.PGConnection", NotifyListeners.class.getClassLoader())) {
			return "the PostgreSQL driver cannot be seen from the event store";
		}
		return null;
	}

	private void say(String message) {
		if (this.said.compareAndSet(false, true)) {
			logger.info(message);
		}
	}

}
