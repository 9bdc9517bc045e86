package dev.events.jdbc;

import java.sql.Connection;
import java.sql.SQLException;

import dev.events.store.LocalWakeups;
import dev.events.store.Wakeups;

/**
 * What differs between databases.
 */
interface Dialect {

	/** For people. */
	String name();

	/** Whether a subquery can refer to what stands before it. */
	boolean hasLateral();

	/** Folder of the migrations. */
	String migrations();

	/**
	 * Whether migrations lock the tables against each other. Where they do not, only this
	 * JVM can take care that they run one after the other.
	 */
	boolean locksMigrations();

	/** The present time, during a statement. */
	String now();

	/** The present time plus a number of milliseconds, a parameter. */
	String nowPlusMillis();

	/** A parameter that is JSON text. */
	String json();

	/** A parameter that is a JSON object of strings. */
	String jsonObject();

	/**
	 * A condition that metadata contains a JSON object, a parameter; empty if there is
	 * none.
	 */
	String metadataContains();

	/** A condition that a type matches a regular expression, a parameter. */
	String typeMatches();

	/**
	 * A condition that an event has a correlation id, a parameter; it may leave out the
	 * first event of a chain, whose correlation id is its own id.
	 */
	String correlationIs();

	/** Whether the log has an index on the times of events. */
	boolean indexesTimes();

	/** How events are appended. */
	Appender appender(Tables tables);

	/** How events are scheduled. */
	Scheduling scheduling(Tables tables);

	/**
	 * Creates a delivery, or brings it up to date: delivery_id, event columns,
	 * subscription_id, position, partition_no, hash, status, attempts, milliseconds until
	 * due, holding, error_type, error_message, error_stack, replay.
	 */
	String upsertDelivery(Tables tables);

	/**
	 * Creates a queued delivery unless there is one; the same parameters up to hash, and
	 * replay. One that is of a replay is no longer so when this is not.
	 */
	String insertDelivery(Tables tables);

	/** Creates or prolongs a node: node_id, milliseconds alive, subscriptions. */
	String upsertNode(Tables tables);

	/**
	 * Makes a node the leader of a task unless another one is: task, node_id,
	 * milliseconds. Changes a row if it is the leader now.
	 */
	String upsertLeader(Tables tables);

	/**
	 * Adds the key of a data subject unless there is a row of it: subject, generation,
	 * key (null for one that was erased). May fail because another one was faster, if
	 * that does not end the transaction.
	 */
	String insertSubjectKey(Tables tables);

	/**
	 * Adds a process unless there is one with its key: process, process_key, version,
	 * status, state, due_at. May fail because another one was faster, if that does not
	 * end the transaction.
	 */
	String insertProcess(Tables tables);

	/**
	 * Lets statements of the present transaction fail when they wait for a row for some
	 * two seconds; see {@link Database#isLocked}.
	 */
	void limitLockWait(Connection connection) throws SQLException;

	/** How long statements wait for a row at present, to restore that. */
	String lockWait(Connection connection) throws SQLException;

	/** Undoes {@link #limitLockWait}. */
	void restoreLockWait(Connection connection, String lockWait) throws SQLException;

	/** How to find out what is settled. */
	Horizon horizon(Tables tables, JdbcEventStoreSettings settings);

	/** How to reach other processes; not at all by default. */
	default Wakeups wakeups(Database database, Tables tables, JdbcEventStoreSettings settings) {
		return new LocalWakeups();
	}

}
