package dev.events.store;

import java.util.Optional;

import dev.events.EventStoreException;

/**
 * The keys of data subjects. There is at most one record for each subject; once there, it
 * never goes away, but its key can be erased. What is erased must be overwritten or
 * deleted, not hidden.
 */
public interface SubjectKeys {

	/**
	 * Adds the first key of a subject unless there is a record of it. Part of the
	 * caller's transaction as {@link EventStore#isInTransaction()} says, so that it costs
	 * him no second connection; else atomic and durable on return. When another
	 * transaction adds a key of the same subject, this waits for its end, but not for
	 * long.
	 * @return what is stored now: the given one, or the one that was there before
	 * @throws EventStoreException when it could not be added
	 */
	SubjectKeyRecord add(SubjectKeyRecord key);

	/**
	 * The record of a subject, with what the caller's transaction has changed.
	 * @throws EventStoreException when it cannot be read
	 */
	Optional<SubjectKeyRecord> find(String subject);

	/**
	 * Erases the key of a subject; if there is no record of it, one without a key is
	 * added, of generation 1. Part of the caller's transaction as
	 * {@link EventStore#isInTransaction()} says; else atomic and durable on return.
	 * @return whether there was a key
	 * @throws EventStoreException when that cannot be done
	 */
	boolean erase(String subject);

	/**
	 * Replaces the record of a subject whose key was erased, if it is of the generation
	 * before the given one. Atomic, durable on return, and never part of the caller's
	 * transaction.
	 * @return whether the given one is stored now
	 * @throws EventStoreException when that cannot be done
	 */
	boolean readmit(SubjectKeyRecord key);

	/** Those of a store that cannot keep any. */
	static SubjectKeys unsupported(String store) {
		return new SubjectKeys() {

			private EventStoreException refusal() {
				return new EventStoreException("The event store (" + store + ") cannot keep keys of data subjects",
						null);
			}

			@Override
			public SubjectKeyRecord add(SubjectKeyRecord key) {
				throw refusal();
			}

			@Override
			public Optional<SubjectKeyRecord> find(String subject) {
				throw refusal();
			}

			@Override
			public boolean erase(String subject) {
				throw refusal();
			}

			@Override
			public boolean readmit(SubjectKeyRecord key) {
				throw refusal();
			}

		};
	}

}
