package dev.events;

/**
 * The persons that encrypted events are about; see {@link DataSubject}. Each has a data
 * key, made when the first event about it is published. Thread-safe.
 *
 * <pre>{@code
 * &#64;Transactional
 * void delete(User user) {
 *     users.delete(user);
 *     events.dataSubjects().forget(user.id().toString());
 * }
 * }</pre>
 */
public interface DataSubjects {

	/**
	 * Destroys the data key of a subject, so that nobody can read again what was
	 * encrypted with it: events in the log, in the dead letter queue and on the schedule.
	 * The events themselves stay: subscribers are not given them, queries answer them
	 * with {@link ErasedData}. Part of the caller's transaction if the store takes part
	 * in it, else done after its commit. Other nodes notice within some seconds
	 * ({@code events.encryption.subject-key-cache}); a handler that has got an event
	 * before that goes on. Backups of the store from before hold the key, encrypted with
	 * a master key.
	 * <p>
	 * The store remembers that the subject was forgotten, by a digest of its id: no event
	 * about it can be published again, see {@link SubjectErasedException}, unless it is
	 * {@linkplain #readmit readmitted}. Forgetting twice, or somebody who is not known,
	 * does no harm.
	 * @param subject as it stands in events, for example a user's id
	 * @throws EventStoreException when the store cannot be reached; then nothing has
	 * changed
	 */
	void forget(String subject);

	/**
	 * Whether a subject was forgotten and not readmitted.
	 * @throws EventStoreException when the store cannot be reached
	 */
	boolean isForgotten(String subject);

	/**
	 * Lets events about a forgotten subject be published again, with a new key. What was
	 * forgotten stays so. Never part of the caller's transaction; not to be called in one
	 * that has forgotten the same subject.
	 * @return whether it was forgotten
	 * @throws EventStoreException when the store cannot be reached
	 */
	boolean readmit(String subject);

}
