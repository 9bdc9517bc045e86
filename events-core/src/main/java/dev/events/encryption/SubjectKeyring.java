package dev.events.encryption;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.HexFormat;
import java.util.Optional;
import java.util.function.LongSupplier;

import dev.events.EncryptedEventException;
import dev.events.SubjectErasedException;
import dev.events.store.EventStore;
import dev.events.store.SubjectKeyRecord;
import dev.events.store.SubjectKeys;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;

/**
 * The keys of data subjects: made at first use, kept in the store, encrypted with a
 * master key. Thread-safe.
 * <p>
 * Invariants: (1) data is only encrypted with a key that is committed in the store, so
 * that nothing becomes unreadable by a rollback; (2) what is remembered was committed
 * when it was read, and is forgotten in time, so that erasing a key reaches every node.
 */
final class SubjectKeyring {

	private static final String KEY_ID = "subject:";

	private static final byte[] USE = "dev.events subject key 1".getBytes(StandardCharsets.US_ASCII);

	private static final int MAX_KEYS = 20_000;

	private static final SecureRandom RANDOM = new SecureRandom();

	private final EventStore store;

	private final MasterKeys masters;

	private final ExpiringCache<String, Known> cache;

	SubjectKeyring(EventStore store, MasterKeys masters, Duration maxAge, LongSupplier nanoTime) {
		this.store = store;
		this.masters = masters;
		this.cache = new ExpiringCache<>(maxAge, MAX_KEYS, nanoTime);
	}

	/** What the store knows a subject by; says nothing of it to who does not guess it. */
	static String digest(String subject) {
		try {
			MessageDigest digest = MessageDigest.getInstance("SHA-256");
			digest.update("dev.events subject:".getBytes(StandardCharsets.US_ASCII));
			return HexFormat.of().formatHex(digest.digest(subject.getBytes(StandardCharsets.UTF_8)));
		}
		catch (NoSuchAlgorithmException ex) {
			throw new IllegalStateException(ex);
		}
	}

	/** Whether events refer with that to the key of a data subject. */
	static boolean isSubjectKey(String keyId) {
		return keyId.startsWith(KEY_ID);
	}

	/**
	 * The key to encrypt with; a new one for a subject that is not known.
	 * @throws SubjectErasedException when the subject was forgotten
	 */
	DataKey current(String subject) {
		Known known = find(subject);
		if (known == null) {
			ExpiringCache.Ticket ticket = this.cache.ticket();
			// somebody else may be faster: then it is his key that counts
			known = known(keys().add(newRecord(subject, 1)));
			remember(ticket, subject, known);
		}
		if (known.key == null) {
			throw new SubjectErasedException("The data subject of the event was forgotten, so no event about it can be "
					+ "published any more; DataSubjects.readmit allows it again");
		}
		return new DataKey(KEY_ID + known.generation, known.key);
	}

	/**
	 * The key that data was encrypted with.
	 * @throws SubjectErasedException when it was erased
	 * @throws EncryptedEventException when it is not there, or cannot be read
	 */
	DataKey key(String subject, String keyId) {
		int generation = generation(keyId);
		Known known = find(subject);
		if (known != null && known.generation < generation) {
			// readmitted by another node
			this.cache.remove(subject);
			known = find(subject);
		}
		if (known == null || known.generation < generation) {
			throw new EncryptedEventException("the store has no key of its data subject");
		}
		if (known.key == null || known.generation > generation) {
			throw new SubjectErasedException("The data subject of the event was forgotten");
		}
		return new DataKey(keyId, known.key);
	}

	private static int generation(String keyId) {
		try {
			return Integer.parseInt(keyId.substring(KEY_ID.length()));
		}
		catch (NumberFormatException ex) {
			throw new EncryptedEventException("its key id is not valid", ex);
		}
	}

	private @Nullable Known find(String subject) {
		Known known = this.cache.get(subject);
		if (known != null) {
			return known;
		}
		ExpiringCache.Ticket ticket = this.cache.ticket();
		Optional<SubjectKeyRecord> found = keys().find(subject);
		if (found.isEmpty()) {
			return null;
		}
		known = known(found.get());
		remember(ticket, subject, known);
		return known;
	}

	private void remember(ExpiringCache.Ticket ticket, String subject, Known known) {
		// a transaction may see what it has changed itself, and be rolled back
		if (!this.store.isInTransaction()) {
			this.cache.put(ticket, subject, known);
		}
	}

	private SubjectKeys keys() {
		return this.store.subjectKeys();
	}

	private Known known(SubjectKeyRecord stored) {
		return new Known(stored.generation(), (stored.wrapped() != null) ? unwrap(stored, stored.wrapped()) : null);
	}

	private SubjectKeyRecord newRecord(String subject, int generation) {
		byte[] key = new byte[EventKey.LENGTH];
		RANDOM.nextBytes(key);
		EventKey master = this.masters.current(new KeyPurpose(KeyPurpose.Use.SUBJECT_KEYS, null));
		SealedValue sealed = SealedValue.encrypt(master.id(), wrappingKey(master, subject),
				AssociatedData.of(subject, generation, master.id()), key);
		return new SubjectKeyRecord(subject, generation, Json.write(sealed.toJson()));
	}

	private byte[] unwrap(SubjectKeyRecord stored, String wrapped) {
		SealedValue sealed = sealed(wrapped);
		if (sealed == null) {
			throw new EncryptedEventException("the stored key of its data subject is not valid");
		}
		String id = sealed.keyId();
		EventKey master = this.masters.find(id)
			.orElseThrow(() -> new EncryptedEventException("there is no key '" + id
					+ "', with which the key of its data subject is encrypted; add it to events.encryption.keys, or to "
					+ "what the EventKeyProvider finds"));
		return sealed
			.decrypt(wrappingKey(master, stored.subject()),
					AssociatedData.of(stored.subject(), stored.generation(), id))
			.orElseThrow(() -> new EncryptedEventException("the stored key of its data subject was changed, or key '"
					+ id + "' is not the one it was encrypted with"));
	}

	private static @Nullable SealedValue sealed(String wrapped) {
		try {
			return SealedValue.of(Json.read(wrapped));
		}
		catch (JacksonException ex) {
			return null;
		}
	}

	private static byte[] wrappingKey(EventKey master, String subject) {
		return Hkdf.derive(master.bytes(), HexFormat.of().parseHex(subject), USE, EventKey.LENGTH);
	}

	/**
	 * See {@link SubjectKeys#erase}; whoever does so in a transaction must also call
	 * {@link #changed} when it has ended.
	 */
	void erase(String subject) {
		try {
			keys().erase(subject);
		}
		finally {
			changed(subject);
		}
	}

	/** What is remembered of a subject may be wrong now. */
	void changed(String subject) {
		this.cache.remove(subject);
	}

	/** Whether the key was erased, by what the store says now. */
	boolean isErased(String subject) {
		return keys().find(subject).filter(SubjectKeyRecord::isErased).isPresent();
	}

	/** Gives an erased subject a new key; whether it was erased. */
	boolean readmit(String subject) {
		Optional<SubjectKeyRecord> erased = keys().find(subject).filter(SubjectKeyRecord::isErased);
		if (erased.isEmpty()) {
			return false;
		}
		try {
			return keys().readmit(newRecord(subject, erased.get().generation() + 1));
		}
		finally {
			changed(subject);
		}
	}

	/**
	 * What is known of a subject.
	 *
	 * @param generation generation of the key
	 * @param key the key, or {@code null} when it was erased
	 */
	private record Known(int generation, byte @Nullable [] key) {

	}

}
