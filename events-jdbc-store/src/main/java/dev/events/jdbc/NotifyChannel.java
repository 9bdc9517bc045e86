package dev.events.jdbc;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.OptionalInt;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;

import dev.events.store.SignalChannel;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.springframework.util.ClassUtils;

/**
 * NOTIFY and LISTEN. NOTIFY makes transactions commit one after the other, so it is never
 * in those of publishers. Thread-safe.
 */
final class NotifyChannel implements SignalChannel {

	/** Enough for NOTIFY not to become what commits wait for. */
	static final Duration PAUSE = Duration.ofMillis(5);

	/**
	 * The channel in SQL, with the table of events as parameter. By its number, so that
	 * it does not matter by which schema or search path a node finds it.
	 */
	static final String NAME = "'events_' || to_regclass(?)::oid::text";

	private static final Logger logger = LoggerFactory.getLogger(NotifyChannel.class);

	// nothing is written, so there is nothing to wait for the disk for
	private static final String NOTIFY = "select set_config('synchronous_commit', 'off', true), pg_notify(" + NAME
			+ ", ?)";

	// one for us, one for publishers, one for what they have to ask beside it
	private static final int SMALLEST_POOL = 3;

	private final Database database;

	private final Tables tables;

	private final AtomicBoolean said = new AtomicBoolean();

	NotifyChannel(Database database, Tables tables) {
		this.database = database;
		this.tables = tables;
	}

	@Override
	public void send(String message) {
		this.database.autocommit("notify other nodes",
				(connection) -> notify(connection, this.tables.store(), message));
	}

	private static boolean notify(Connection connection, String table, String message) throws SQLException {
		Sql.query(connection, NOTIFY, (rows) -> rows.getString(1), table, message);
		return true;
	}

	@Override
	public Runnable listen(Consumer<String> onMessage, Runnable onMissed) {
		String obstacle = obstacle();
		if (obstacle != null) {
			say("What other nodes publish is found by polling only, because " + obstacle);
			return () -> {
			};
		}
		say("There are other nodes: listening to them takes one connection of the pool for as long as there are");
		NotifyListener listener = new NotifyListener(this.database, this.tables, onMessage, onMissed);
		listener.start();
		return listener::stop;
	}

	private @Nullable String obstacle() {
		OptionalInt size = PoolSize.of(this.database.dataSource());
		if (size.isPresent() && size.getAsInt() < SMALLEST_POOL) {
			return "listening would take one connection of a pool that has only " + size.getAsInt();
		}
		if (!ClassUtils.isPresent("org.postgresql.PGConnection", NotifyChannel.class.getClassLoader())) {
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
