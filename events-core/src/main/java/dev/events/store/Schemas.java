package dev.events.store;

import java.util.List;

/**
 * The schemas of event types. One that is there never changes.
 */
public interface Schemas {

	/**
	 * Adds a schema unless its type has one of that version. Atomic, durable on return,
	 * and never part of the caller's transaction.
	 * @return the schema that is stored now as that version: the given one, or the one
	 * that was there before
	 * @throws dev.events.EventStoreException when it could not be added
	 */
	SchemaRecord add(SchemaRecord schema);

	/** All of them, in no particular order; never read in the caller's transaction. */
	List<SchemaRecord> list();

}
