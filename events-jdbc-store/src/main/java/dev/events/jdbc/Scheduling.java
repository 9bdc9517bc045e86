package dev.events.jdbc;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;

import dev.events.store.EventRecord;

/**
 * What differs between databases about scheduled events. Thread-safe.
 */
interface Scheduling {

	/**
	 * Lets an event wait.
	 * @return whether its id was neither waiting nor in the log
	 */
	boolean add(Connection connection, EventRecord event, Instant dueAt) throws SQLException;

	/**
	 * Moves what is due into the log, as one unit.
	 * @param limit at most so many
	 * @return the types of those that are in the log now; nothing when somebody else is
	 * at it
	 */
	List<String> release(Database database, int limit);

}
