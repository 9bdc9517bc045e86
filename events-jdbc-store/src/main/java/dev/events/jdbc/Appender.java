package dev.events.jdbc;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;

import dev.events.store.EventRecord;

/**
 * Appends events to the table of the log. Thread-safe.
 */
interface Appender {

	/**
	 * Appends events in order. Takes as long as the caller's own settings allow: to limit
	 * the time of a statement costs a timer for each of them.
	 * @return their positions, or {@link dev.events.store.EventLog#DUPLICATE}
	 */
	List<Long> append(Connection connection, List<EventRecord> events) throws SQLException;

}
